package amm

// CombineImpact returns the impact of two trades of which the second sells what
// the first bought: 1 - (1-a)(1-b), in parts per million, rounded up. Impacts
// above one count as one.
func CombineImpact(a, b uint32) uint32 {
	kept := uint64(PPM-min(a, PPM)) * uint64(PPM-min(b, PPM)) / PPM
	return uint32(PPM - kept)
}

// impact returns ceil(10^6 * part / whole) for part <= whole.
func impact(part, whole *Int) uint32 {
	var z Int
	if !mulDivUp(&z, part, ppm, whole) || z.GtUint64(PPM) {
		return PPM
	}
	return uint32(z.Uint64())
}
