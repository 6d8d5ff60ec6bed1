package terms

import "math/bits"

// Gas of a seat's answers. The chain gives seats time for as many as fit into blocks (x/compute, app), and a seat asks for this much.
// The numbers are above what the messages cost at worst, after those of all other seats: TestAnswersCostLessThanTheirGas
// measures them.
const (
	// MaxAnswerGas is the most gas that a seat asks for in one message with several answers. It is a seat's part of a block
	// of 100,000,000 gas.
	MaxAnswerGas = 8_000_000
	// AnswerGas is the gas of a message without any answer.
	AnswerGas = 250_000
	// MaxPreparations is the most answers about contributions in one message.
	MaxPreparations = 128
	// KeyGas is the most gas of the message with which a seat takes its place.
	KeyGas = 400_000

	gasPerPreparation     = 100_000
	gasPerSharedByte      = 4
	gasPerPreparationByte = 50
	gasPerOpeningByte     = 42
	gasPerOpenedSlot      = 1_050
)

// Parts of a block's gas and bytes, in percent, that only answers of seats can take: of all seats, and of each.
const (
	SeatsPercent   = 24
	OneSeatPercent = 8
)

// PreparationsGas returns the most gas of answers about n contributions of shared bytes each, with a preparation share of a
// number of bytes each.
func PreparationsGas(n, shared, share int) uint64 {
	return AnswerGas + uint64(n)*uint64(gasPerPreparation+gasPerSharedByte*shared+gasPerPreparationByte*share)
}

// Preparations returns how many of such answers a seat gives in one message: 1 to 128.
func Preparations(shared, share int) int {
	each := PreparationsGas(1, shared, share) - AnswerGas
	return max(1, min(MaxPreparations, int((MaxAnswerGas-AnswerGas)/each)))
}

// OpeningGas returns the most gas of the answer that opens a sum of so many slots and bytes, which the chain checks if the
// result is public.
func OpeningGas(slots, size int, public bool) uint64 {
	gas := AnswerGas + gasPerOpeningByte*uint64(size)
	if public {
		gas += gasPerOpenedSlot * uint64(slots)
	}
	return gas
}

// ProofGas returns the gas of checking a proof of so many bits about so many slots of noise: about 100 for each microsecond measured. The
// bits beyond a part of the proof cost little (pedersen.Scheme.VerifyRange).
func ProofGas(proved, slots int) uint64 {
	padded := min(1<<bits.Len(uint(max(proved, 1)-1)), 1<<10)
	return 200_000 + 1_400*uint64(padded) + 120*uint64(proved) + 400*uint64(slots)
}

// NoiseGas returns the most gas of the message with which a seat hands in noise of so many slots and shared bytes, with a proof of so
// many bits.
func NoiseGas(proved, slots, shared int) uint64 {
	return AnswerGas + ProofGas(proved, slots) + gasPerOpeningByte*uint64(shared)
}
