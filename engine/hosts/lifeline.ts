/** Descriptor, in the processes the engine starts, of a pipe that closes when the engine ends. */
export const LIFELINE_FD = 3;
/** Set for the process that holds {@link LIFELINE_FD}, and only for that one. */
export const LIFELINE_VARIABLE = "PULUMI_OFFLINE_LIFELINE";
