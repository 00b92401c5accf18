export { connect, type ConnectOptions, type Lagnet } from "./connect.js";
export { type FieldViolation, LagnetError, type Reason, REASONS, reasonOf } from "./error.js";
export { SERVICES } from "./services.js";
export { watch, type WatchMethod, type WatchOptions } from "./watch.js";
