"""What is decided: pure rules over values, with time always an argument.

Glossary (Swedish in the texts, one English word for each in code; a class is named by one of them, or stands here):
utförare provider · avtal contract · enhet unit · placering placement · omsorg care · kontakter contact · månad
month · månadsrapport report · fråga question · svar answer · problem med ett svar problem · hur frågan står i
filen in file · uppgift task · omgång round · påminnelse reminder · frånvaro leave · blir påmind senare snoozed,
knuffad nudge · fråga om rapport prompt · utan ansvarig ownerless · till chefen escalation · signal signal
(avvikelse deviation, klagomål complaint, synpunkt remark, omplacering re-placement) · eget fel own fault · vad
den ledde till led to · sägs om en signal noticed · risktal, band risk ratio, band · nivå level · golv floor ·
poäng score · underlag evidence · det som räknas item, inputs · mått measured · vad en uppgift blev verdict ·
bidrag contribution · exponering exposure · parameter parameter · uppgradering upgrade · bedömning judgement ·
förklaring explanation · diagram chart, donut, gauge, med point och amount · larm alert · överlämnat handed over
· händelse event · urval selection, på väg cycle · ram frame · kandidat candidate · utvald chosen · lottning
draw, lott ticket · stickprov spot check · förslag proposal · täckning coverage · justering adjustment ·
förändring changes · åldrar age · uppföljning follow-up · åtgärd action · nöjdhet satisfaction · träffandel hit
· nämnd board · beslut decision · diarienummer diary number · rekommendationer recommendations · året year ·
siffra figure, i table av row, column och cell · avsnitt part · verksamhetsområde division, divided ·
period period · upplaga edition · vad som bevisar ett urval proof · minsta antal limits · vad som är publicerat
known, linked, counted, alike · läsare av det publika public, sökning utan svar unsolved, för lång out of time ·
frågad asked · höjt larm raised · datum date, kvartal quarter, fönster window · person person · roll role ·
samtal conversation · kommun municipality · barn child · behörighet access, räckvidd reach, uppgiftsslag kind ·
vem som läser audience, vad matter, hur mycket telling · logg log, med subject, what, tip, checkpoint, redaction, look,
finding · meddelande message, ämne topic · sammanfattning digest · missat missed · kort card · kanal channel ·
åtkomstnyckel token · mål target, targets, against ·
lagrum law · ord wording, each language · term term, form form · basnivå base levels, av
months och observed · det man ställer in parameters · övervägande/omprövning review of care · ersättare
substitute · intygande statement · gallring retention, purge,
hinder hold, undantag exemption · trygg safe · vägran refused · version version ·
historia history · socialsekreterare worker ·
kvalitetsteam quality · chef manager, managers · vem som svarar who answers · administratör admin ·
driftfel trouble ·
överenskommelser agreements · frist clock, clocks, som löper ut due · årets lista yearly list · vistelse stay ·
i tur in turn · det man vill se filter, i ord phrase · avslutsrapport closing report · utfall outcome ·
slags avvikelse situation ·
arbetsytan workspace, sida page, besök visit · utkast draft, när två skriver meeting, krock clash ·
att göra desk ·
fråga i vanliga ord reading, med meaning, vocabulary, rule, days och vecka week.
"""

from dataclasses import MISSING, fields
from typing import Any, NewType, TypeVar

# A number of one kind is never taken for another: mypy refuses it (tests/test_ids.py).
PersonId = NewType("PersonId", int)
UnitId = NewType("UnitId", int)
PlacementId = NewType("PlacementId", int)
RoundId = NewType("RoundId", int)
TaskId = NewType("TaskId", int)
SignalId = NewType("SignalId", int)
AlertId = NewType("AlertId", int)
FollowUpId = NewType("FollowUpId", int)
ActionId = NewType("ActionId", int)
CycleId = NewType("CycleId", int)

_Value = TypeVar("_Value", bound=type)


def at_once(value: _Value) -> _Value:
    """A frozen dataclass whose fields are put in together: one by one, past what freezes it, takes three times as long.

    For those of which a turn makes a dozen; written out as `dataclass` writes its own.
    """
    own: dict[str, Any] = {one.name: one for one in fields(value)}
    takes = "".join(f", {name}{_default(name, one)}" for name, one in own.items())
    puts = "".join(f"\n    _put[{name!r}] = {_given(name, one)}" for name, one in own.items())
    then = "\n    self.__post_init__()" if hasattr(value, "__post_init__") else ""
    made: dict[str, Any] = {}
    exec(f"def __init__(self{takes}):\n    _put = self.__dict__{puts}{then}", {"_own": own}, made)
    type.__setattr__(value, "__init__", made["__init__"])
    return value


def _default(name: str, of: Any) -> str:
    if of.default_factory is not MISSING:
        return "=_own"
    return "" if of.default is MISSING else f"=_own[{name!r}].default"


def _given(name: str, of: Any) -> str:
    if of.default_factory is MISSING:
        return name
    return f"_own[{name!r}].default_factory() if {name} is _own else {name}"
