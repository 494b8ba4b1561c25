const fs = require("node:fs");
const play = require("./play.js");

module.exports = () => play(JSON.parse(fs.readFileSync("program.json", "utf8")));
