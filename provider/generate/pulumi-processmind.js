#!/usr/bin/env node
// There before anything is built, so that npm links it into node_modules/.bin in a fresh clone.
require("../../dist/provider/generate/bin.js");
