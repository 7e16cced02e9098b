/** The front door of reconciliation: nothing, since nobody stands on it. */

export {};
