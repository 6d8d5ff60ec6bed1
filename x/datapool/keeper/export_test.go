package keeper

// SwapEvent is swapEvent, for the test that compares it with the general way.
var SwapEvent = swapEvent
