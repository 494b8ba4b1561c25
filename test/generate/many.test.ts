import { openWorkbench } from "./generated";

const TABLES = 5000;
const DATASETS = 100;
/** What a GET takes on the way; the emulator's own work comes on top. */
const LATENCY_MS = 20;

it.each([
  ["tells", 0, 1],
  ["does not tell", 1, DATASETS],
])(
  "asks for 5,000 tables with as few requests as a list allows that %s what lies where",
  async (_what, ...expected) => {
    const [isHidden = 0, reads = 0] = expected;
    const bench = await openWorkbench({ behaviour: { treeFieldsInList: isHidden === 0 } });
    try {
      await bench.emulator.change(({ datasets, datatables }) => {
        const createdAt = "2025-01-01T00:00:00.000Z";
        for (let i = 0; i < DATASETS; i++) {
          datasets.push({
            id: `set-${i}`,
            displayName: `Set ${i}`,
            treeNodeType: "Dataset",
            treeParentId: null,
            createdAt,
          });
        }
        for (let i = 0; i < TABLES; i++) {
          datatables.push({ id: `table-${i}`, datasetId: `set-${i % DATASETS}`, displayName: `Table ${i}`, createdAt });
        }
      });
      let most = 0;
      const look = () => {
        most = Math.max(most, bench.emulator.journal().filter(({ ending }) => ending === "open").length);
      };
      const looking = setInterval(look, 5);
      bench.emulator.setFaults([{ kind: "delay", ms: LATENCY_MS, times: "always" }]);
      const began = Date.now();
      const run = await bench.generate("--out", bench.out, "--dry-run");
      const seconds = (Date.now() - began) / 1000;
      clearInterval(looking);
      expect(most).toBeGreaterThan(0);
      expect(most).toBeLessThanOrEqual(8);
      expect(run.stderr).toContain("The program declares 100 datasets, 5,000 datatables.");
      const requests = bench.requests();
      const count = (route: string) => requests.filter((each) => each === route).length;
      expect([
        count("datasets.list"),
        count("datatables.list"),
        count("datasets.get"),
        count("datatables.get"),
      ]).toEqual([1, 1, reads, 1]);
      expect(seconds).toBeLessThan(30);
    } finally {
      await bench.close();
    }
  },
);
