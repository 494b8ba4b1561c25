import { testCornerCases } from "../lifecycle/corner-cases";
import { startedWith } from "../lifecycle/scene";
import { startPluginHost } from "../support/plugin-host";

testCornerCases(startedWith(startPluginHost));
