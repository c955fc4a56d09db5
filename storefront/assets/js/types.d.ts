// The API's shapes, made from its schema: `make types`.
import type { components } from "../../types/api";
export type Schemas = components["schemas"];
