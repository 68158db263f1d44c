"""Stands in for Microsoft's login hosts: signs tokens with RS256, shows its keys, and gives bots their own token."""

import argparse
import asyncio
import base64
import json
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import jwt
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bench.processes import LOOPBACK, until_stopped

ISSUER = "https://api.botframework.com"
KEY_ID = "bench"
DAY_SECONDS = 24 * 3600
# Ours is measured on a day in November 2026 whatever the date is, so the token holds for all of them.
BEGINS, ENDS = 1_600_000_000, 4_000_000_000


def key_app(private: rsa.RSAPrivateKey, base: str, secure: str) -> web.Application:
    """`secure` is the same server with TLS, for the SDK that asks for nothing else."""

    async def keys(_: web.Request) -> web.Response:
        return web.json_response({"keys": [_jwk(private)]})

    async def configuration(_: web.Request) -> web.Response:
        return web.json_response(
            {
                "issuer": ISSUER,
                "jwks_uri": f"{base}/keys",
                "id_token_signing_alg_values_supported": ["RS256"],
                "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            }
        )

    async def login(request: web.Request) -> web.Response:
        here = secure if request.secure else base
        login = f"{here}/{request.match_info['tenant']}"
        return web.json_response(
            {
                "issuer": f"{login}/v2.0",
                "authorization_endpoint": f"{login}/oauth2/v2.0/authorize",
                "token_endpoint": f"{login}/oauth2/v2.0/token",
                "jwks_uri": f"{base}/keys",
            }
        )

    async def own_token(request: web.Request) -> web.Response:
        await request.post()
        request.app[ASKED].append(1)
        token = _signed(private, {"aud": ISSUER, "appid": "bench"})
        return web.json_response({"access_token": token, "token_type": "Bearer", "expires_in": DAY_SECONDS})

    async def channel_token(request: web.Request) -> web.Response:
        claims = {"aud": request.query["audience"], "serviceurl": request.query["service_url"]}
        return web.json_response({"token": _signed(private, claims)})

    async def asked(request: web.Request) -> web.Response:
        return web.json_response({"own_tokens": len(request.app[ASKED])})

    app = web.Application()
    app[ASKED] = []
    app.router.add_get("/keys", keys)
    app.router.add_get("/configuration", configuration)
    app.router.add_get("/channel_token", channel_token)
    app.router.add_get("/asked", asked)
    for found in (
        "/{tenant}/v2.0/.well-known/openid-configuration",
        "/{tenant}/.well-known/openid-configuration",
    ):
        app.router.add_get(found, login)
    app.router.add_post("/{tenant}/oauth2/v2.0/token", own_token)
    return app


ASKED: web.AppKey[list[int]] = web.AppKey("asked", list)


def _signed(private: rsa.RSAPrivateKey, claims: Mapping[str, object]) -> str:
    times = {"iss": ISSUER, "nbf": BEGINS, "iat": BEGINS, "exp": ENDS}
    return jwt.encode({**times, **claims}, private, algorithm="RS256", headers={"kid": KEY_ID})


def _jwk(private: rsa.RSAPrivateKey) -> dict[str, object]:
    numbers = private.public_key().public_numbers()
    return {
        "kty": "RSA",
        "use": "sig",
        "alg": "RS256",
        "kid": KEY_ID,
        "n": _base64(numbers.n),
        "e": _base64(numbers.e),
        "endorsements": ["msteams"],
    }


def _base64(number: int) -> str:
    raw = number.to_bytes((number.bit_length() + 7) // 8)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _certificate(private: rsa.RSAPrivateKey, path: Path) -> ssl.SSLContext:
    """A certificate for loopback that vouches for itself; who is to trust it is given the file."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, LOOPBACK)])
    now = datetime.now(UTC)  # noqa: TID251 - a certificate holds in real time.
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address(LOOPBACK))]), critical=False)
        .sign(private, hashes.SHA256())
    )
    key = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret = path.with_suffix(".key")
    secret.touch(mode=0o600)
    secret.write_bytes(key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, secret)
    return context


async def _serve(port: int, secure_port: int, certificate: Path) -> None:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    app = key_app(private, f"http://{LOOPBACK}:{port}", f"https://{LOOPBACK}:{secure_port}")
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, LOOPBACK, port).start()
    context = _certificate(private, certificate)
    await web.TCPSite(runner, LOOPBACK, secure_port, ssl_context=context).start()
    await until_stopped()
    await runner.cleanup()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("given", type=json.loads)
    arguments = parser.parse_args()
    given = arguments.given
    asyncio.run(_serve(arguments.port, given["secure_port"], Path(given["certificate"])))


if __name__ == "__main__":
    main()
