import { differences } from "./compare";
import { LocalEngine } from "./local-engine";
import { play } from "./play";
import { readRecording, recordingFile } from "./recording";

const recording = readRecording(recordingFile("seeds"));
/** In one test: a name for each would say nothing that the seed does not. */
const TOGETHER = 20;

describe(`the local engine, compared with what Pulumi's CLI ${recording.cli} did with random programs`, () => {
  const engine = new LocalEngine();
  afterAll(() => engine.close());

  const groups = Array.from({ length: Math.ceil(recording.cases.length / TOGETHER) }, (_, index) =>
    recording.cases.slice(index * TOGETHER, (index + 1) * TOGETHER),
  );
  it.each(groups.map((group) => [`${group[0]?.seed} to ${group.at(-1)?.seed}`, group] as const))(
    "does the same in seeds %s",
    async (_name, group) => {
      const found: string[] = [];
      for (const { seed, played, observations } of group) {
        const ours = await play(engine, played);
        for (const [index, observation] of observations.entries()) {
          const own = ours[index];
          const lines = own ? differences(observation, own) : ["the local engine did not get there"];
          found.push(...lines.map((line) => `seed ${seed}, step ${index + 1}: ${line}`));
        }
      }
      expect(found).toEqual([]);
    },
  );
});
