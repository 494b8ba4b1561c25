import fs from "node:fs";
import { FIXED_CASES } from "./cases";
import { CliEngine, findCliVersion } from "./cli-engine";
import { LocalEngine } from "./local-engine";
import { playRaw } from "./play";
import { observe } from "./observe";
import { differences } from "./compare";
import { randomCase } from "./random-case";
async function main() {
  const [, , mode, a, b, out] = process.argv;
  if (mode === "seeds") {
    const engine = new CliEngine(findCliVersion()!.command);
    for (let seed = +a!; seed <= +b!; seed++) {
      const t = Date.now(); const c = randomCase(seed);
      try { const raws = await playRaw(engine, c); fs.appendFileSync(out!, JSON.stringify({ seed, case: c, raws }) + "\n"); console.log(seed, c.steps.length, (Date.now()-t)/1000); }
      catch (e) { console.log("FAILED", seed, e); }
    }
    await engine.close();
  } else if (mode === "rec") {
    const engine = new CliEngine(findCliVersion()!.command);
    const done = new Set(["/tmp/par/rec1.jsonl", "/tmp/par/rec2.jsonl"].filter(f => fs.existsSync(f)).flatMap(f => fs.readFileSync(f, "utf8").split("\n").filter(Boolean).map(l => JSON.stringify(JSON.parse(l).case))));
    for (const c of FIXED_CASES.slice(+a!, +b!)) {
      if (done.has(JSON.stringify(c))) continue;
      const t = Date.now();
      try { const raws = await playRaw(engine, c); fs.appendFileSync(out!, JSON.stringify({ case: c, raws }) + "\n"); console.log(c.name, (Date.now()-t)/1000); }
      catch (e) { console.log("FAILED", c.name, e); }
    }
    await engine.close();
  } else {
    const lines = new Map<string, any>();
    for (const f of a!.split(",")) for (const l of fs.readFileSync(f, "utf8").split("\n").filter(Boolean)) { const r = JSON.parse(l); lines.set(JSON.stringify(r.case), r); }
    const engine = new LocalEngine();
    let n = 0, bad = 0, steps = 0; const t = Date.now();
    for (const [, r] of lines) {
      if (b && !new RegExp(b).test(r.case.name)) continue;
      const ours = (await playRaw(engine, r.case));
      const all: string[] = [];
      ours.forEach((o, i) => { steps++; const cli = JSON.parse(JSON.stringify(observe(r.raws[i]))); const us = JSON.parse(JSON.stringify(observe(o)));
        const d = differences(cli, us).filter(x => !out || !new RegExp(out).test(x)); if (d.length) all.push(`  step ${i} ${r.case.steps[i].run} ${(r.case.steps[i].flags??[]).join(" ")}`, ...d.map(x => "      " + x.slice(0, 400)));
        if (process.env["SHOW"]) { console.log("--- CLI\n" + r.raws[i].stdout + "\n[stderr] " + r.raws[i].stderr + "\n--- ours\n" + o.stdout + "\n[stderr] " + o.stderr); } });
      n++; if (all.length) { bad++; console.log(`${r.case.name}\n${all.join("\n")}`); }
    }
    console.log(`${n} cases, ${bad} differ, ${steps} steps, ${(Date.now()-t)/1000}s`);
    await engine.close();
  }
  process.exit(0);
}
void main();
