"""pm4py's numbers of the event logs whose files are arguments, as JSON by the files' names."""

import contextlib
import json
import os
import sys
import warnings

warnings.filterwarnings("ignore")
with contextlib.redirect_stdout(sys.stderr):
    import numpy as np
    import pandas as pd
    import pm4py

CASE, ACTIVITY, TIME = "case:concept:name", "concept:name", "time:timestamp"


def log_of(file):
    if file.endswith(".xes"):
        return pm4py.convert_to_dataframe(pm4py.read_xes(file))
    log = pd.read_csv(file, dtype=str)
    log[TIME] = pd.to_datetime(log[TIME], utc=True, format="mixed")
    return pm4py.format_dataframe(log, case_id=CASE, activity_key=ACTIVITY, timestamp_key=TIME)


def counts(values):
    return {name: int(count) for name, count in values.items()}


def numbers_of(log):
    edges, starts, ends = pm4py.discover_dfg(log)
    variants = pm4py.get_variants(log)
    cases = [each if isinstance(each, int) else len(each) for each in variants.values()]
    durations = pm4py.get_all_case_durations(log)
    return {
        "events": len(log),
        "cases": int(log[CASE].nunique()),
        "activities": counts(pm4py.get_event_attribute_values(log, ACTIVITY)),
        "edges": sorted([a, b, int(count)] for (a, b), count in edges.items()),
        "starts": counts(starts),
        "ends": counts(ends),
        "variants": len(variants),
        "largest": sorted(cases, reverse=True)[:10],
        "medianSeconds": float(np.median(durations)),
        "p90Seconds": float(np.percentile(durations, 90)),
    }


with contextlib.redirect_stdout(sys.stderr):
    numbers = {os.path.basename(file): numbers_of(log_of(file)) for file in sys.argv[1:]}
print(json.dumps(numbers))
