package amm

import "github.com/holiman/uint256"

// Trade is a swap as it would happen.
type Trade struct {
	// In is paid by the trader, the fee included; Out is received.
	In, Out Int
	// Fee is the fee in the input coin.
	Fee Split
	// ReserveIn and ReserveOut are the reserves after.
	ReserveIn, ReserveOut Int
	// ImpactPPM is how much worse than the present price the trade is, in parts
	// per million, the fee and the rounding to whole units excluded: e/(x+e) of
	// the input e that prices the trade, rounded up.
	ImpactPPM uint32
}

// SwapExactIn returns the trade that sells dx to the reserves x and y.
//
//	out = floor(y*g*dx / (x*10^6 + g*dx)),  g = 10^6 - fee
//
// It rounds down, for the pool. ErrDust where out is zero.
func SwapExactIn(x, y, dx *Int, f Fees) (Trade, error) {
	var t Trade
	if err := checkReserves(x, y); err != nil {
		return t, err
	}
	if err := f.Check(); err != nil {
		return t, err
	}
	if dx.IsZero() {
		return t, ErrZero
	}
	if TooLarge(dx) {
		return t, ErrTooLarge
	}
	var priced, den Int // g*dx and x*10^6 + g*dx: below 2^148
	priced.Mul(dx, uint256.NewInt(uint64(PPM-f.Swap)))
	den.Add(den.Mul(x, ppm), &priced)
	if !mulDiv(&t.Out, y, &priced, &den) {
		return t, ErrTooLarge
	}
	if t.Out.IsZero() {
		return t, ErrDust
	}
	t.In = *dx
	t.ImpactPPM = impact(&priced, &den)
	return t, t.settle(x, y, f)
}

// SwapExactOut returns the trade that buys exactly dy from the reserves x and y
// for the smallest input for which SwapExactIn would return at least dy.
//
//	in = ceil(x*10^6*dy / (g*(y-dy))),  g = 10^6 - fee
//
// It rounds up, for the pool. ErrDrained where dy is all that is there or more.
func SwapExactOut(x, y, dy *Int, f Fees) (Trade, error) {
	var t Trade
	if err := checkReserves(x, y); err != nil {
		return t, err
	}
	if err := f.Check(); err != nil {
		return t, err
	}
	if dy.IsZero() {
		return t, ErrZero
	}
	if !dy.Lt(y) {
		return t, ErrDrained
	}
	var scaled, den Int // x*10^6 and g*(y-dy): below 2^148
	scaled.Mul(x, ppm)
	den.Mul(den.Sub(y, dy), uint256.NewInt(uint64(PPM-f.Swap)))
	if !mulDivUp(&t.In, &scaled, dy, &den) || TooLarge(&t.In) {
		return t, ErrTooLarge
	}
	t.Out = *dy
	t.ImpactPPM = impact(dy, y)
	return t, t.settle(x, y, f)
}

// settle splits the fee, moves the reserves and checks them: k' >= k.
func (t *Trade) settle(x, y *Int, f Fees) error {
	t.Fee = splitFee(&t.In, f)
	t.ReserveIn.Add(x, &t.In)
	t.ReserveIn.Sub(&t.ReserveIn, &t.Fee.Maker)
	t.ReserveIn.Sub(&t.ReserveIn, &t.Fee.Protocol)
	t.ReserveIn.Sub(&t.ReserveIn, &t.Fee.Rewards)
	if TooLarge(&t.ReserveIn) {
		return ErrTooLarge
	}
	if !t.Out.Lt(y) {
		return ErrDrained
	}
	t.ReserveOut.Sub(y, &t.Out)
	var before, after Int // at most 2^254
	if after.Mul(&t.ReserveIn, &t.ReserveOut).Lt(before.Mul(x, y)) {
		return ErrInvariant
	}
	return nil
}

// impact returns ceil(10^6 * part / whole) for part <= whole.
func impact(part, whole *Int) uint32 {
	var z Int
	if !mulDivUp(&z, part, ppm, whole) || z.GtUint64(PPM) {
		return PPM
	}
	return uint32(z.Uint64())
}
