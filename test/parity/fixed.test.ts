import { FIXED_CASES } from "./cases";
import { differences } from "./compare";
import { LocalEngine } from "./local-engine";
import { play } from "./play";
import { readRecording, recordingFile } from "./recording";

const recording = readRecording(recordingFile("fixed"));

describe(`the local engine, compared with what Pulumi's CLI ${recording.cli} did`, () => {
  const engine = new LocalEngine();
  afterAll(() => engine.close());

  it.each(recording.cases.map((recorded) => [recorded.played.name, recorded] as const))(
    "does the same in: %s",
    async (_name, { played, observations }) => {
      const ours = await play(engine, played);
      const found = observations.map((observation, index) => {
        const own = ours[index];
        return own ? differences(observation, own) : ["the local engine did not get there"];
      });
      expect(found).toEqual(observations.map(() => []));
    },
  );
});

it("records every fixed case as it is written", () => {
  expect(recording.cases.map(({ played }) => played)).toEqual(JSON.parse(JSON.stringify(FIXED_CASES)));
});
