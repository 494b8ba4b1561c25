import { testCornerCases } from "./corner-cases";
import { startHost } from "./scene";

testCornerCases(startHost);
