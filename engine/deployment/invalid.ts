/** Ends the deciding of a resource that was found wrong; what is wrong has been told. */
export class Invalid extends Error {}
