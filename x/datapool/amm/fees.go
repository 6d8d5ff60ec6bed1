package amm

import "github.com/holiman/uint256"

// Fees are the rates of a pool. Swap is in parts per million of the input, below
// one million; Protocol in parts per million of the fee; Maker and Rewards in parts
// per million of what the protocol's part leaves, together one million at most. What
// they leave goes to the liquidity.
type Fees struct {
	Swap, Maker, Protocol, Rewards uint32
}

// Check returns ErrFees if the rates are out of range.
func (f Fees) Check() error {
	if f.Swap >= PPM || f.Protocol > PPM || uint64(f.Maker)+uint64(f.Rewards) > PPM {
		return ErrFees
	}
	return nil
}

// leaves returns the part of the fee that leaves the reserves, times 10^12.
func (f Fees) leaves() uint64 {
	return uint64(f.Protocol)*PPM + uint64(PPM-f.Protocol)*(uint64(f.Maker)+uint64(f.Rewards))
}

// Split is a fee by receiver, in the input coin.
type Split struct {
	// Liquidity stays in the reserves.
	Liquidity Int
	// Maker, Protocol and Rewards leave the reserves.
	Maker, Protocol, Rewards Int
}

// Total is the whole fee.
func (s *Split) Total() Int {
	var t Int
	t.Add(&s.Liquidity, &s.Maker)
	t.Add(&t, &s.Protocol)
	t.Add(&t, &s.Rewards)
	return t
}

// splitFee takes the fee of an input of dx <= 2^127 and shares it out.
//
//	fee = floor(dx * swap / 10^6) = dx - ceil(dx * (10^6 - swap) / 10^6)
//
// The second form says why k cannot fall: what prices the trade is rounded up
// and stays in the reserves. The protocol's part comes first, so that no rate of a pool
// can leave it out. Each part rounds down, the rest is the liquidity's, so the parts add
// up to the fee to the unit.
func splitFee(dx *Int, f Fees) Split {
	var (
		s    Split
		fee  Int
		rate Int
	)
	fee.Div(fee.Mul(dx, rate.SetUint64(uint64(f.Swap))), ppm)
	part := func(z *Int, partPPM uint32) {
		z.Div(z.Mul(&fee, uint256.NewInt(uint64(partPPM))), ppm)
	}
	part(&s.Protocol, f.Protocol)
	fee.Sub(&fee, &s.Protocol)
	part(&s.Maker, f.Maker)
	part(&s.Rewards, f.Rewards)
	s.Liquidity.Sub(&fee, &s.Maker)
	s.Liquidity.Sub(&s.Liquidity, &s.Rewards)
	return s
}
