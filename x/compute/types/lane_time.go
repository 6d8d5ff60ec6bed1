package types

import "math/bits"

// Times of the part of blocks for seats are heights in 2^-20 of a block, so that small answers do not take whole blocks.
const (
	laneTimeBits = 20
	maxLaneUntil = 1<<63 - 1
)

// LaneTimeAfter is when answers of some gas have found room in blocks that have room for lane gas of them each, from the block
// after a height or from when what was asked before has found room. It is rounded up, and 2^63 - 1 at most.
func LaneTimeAfter(busy uint64, height int64, gas, lane uint64) uint64 {
	from := max(busy, uint64(max(height, 0))<<laneTimeBits)
	hi, lo := bits.Mul64(gas, 1<<laneTimeBits)
	lo, carry := bits.Add64(lo, lane-1, 0)
	if hi += carry; hi >= lane {
		return maxLaneUntil
	}
	takes, _ := bits.Div64(hi, lo, lane)
	if from > maxLaneUntil || takes > maxLaneUntil-from {
		return maxLaneUntil
	}
	return from + takes
}

// LaneHeight is the block in which that time ends.
func LaneHeight(until uint64) int64 {
	return int64(until>>laneTimeBits) + int64(min(until&(1<<laneTimeBits-1), 1))
}
