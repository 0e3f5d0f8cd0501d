// node ajv.cjs NODE_MODULES SCHEMA.json DOCUMENT.json: what Ajv has to say, a line each, and exit code 1; nothing and 0 when it is valid.
"use strict";
const fs = require("fs");
const path = require("path");

const [modules, schemaPath, documentPath] = process.argv.slice(2);
const Ajv = require(path.join(modules, "ajv")).default;
const formats = require(path.join(modules, "ajv-formats")).default;

// Schemas of others are not written to the letter of strict mode, nor their patterns to that of Unicode mode.
const ajv = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false });
formats(ajv);
const validate = ajv.compile(JSON.parse(fs.readFileSync(schemaPath, "utf8")));
if (!validate(JSON.parse(fs.readFileSync(documentPath, "utf8")))) {
  for (const error of validate.errors) console.log(`${error.instancePath}: ${error.message}`);
  process.exit(1);
}
