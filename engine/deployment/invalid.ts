/** Ends the deciding of a resource that was found wrong; what is wrong has been reported. */
export class Invalid extends Error {}
