package keeper

// SwapEvent is swapEvent, for the test that compares it with the general way.
var SwapEvent = swapEvent

// Concentration is concentration, for the test of its bound.
var Concentration = (*Keeper).concentration
