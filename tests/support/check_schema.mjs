// Reads {schema, document} pairs as JSON on standard input and prints what each document has against its schema.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const Ajv = require("ajv-draft-04");
const addFormats = require("ajv-formats");

const pairs = JSON.parse(readFileSync(0, "utf-8"));
const faults = pairs.map(({ schema, document }) => {
  const ajv = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false });
  addFormats(ajv);
  const valid = ajv.validate(JSON.parse(readFileSync(schema, "utf-8")), document);
  return valid ? [] : ajv.errors.map((error) => `${error.instancePath} ${error.message}`);
});
console.log(JSON.stringify(faults));
