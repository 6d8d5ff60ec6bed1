package amm

import "github.com/holiman/uint256"

// Trade is a swap as it would happen.
type Trade struct {
	// In is paid by the trader, the fee included; Out is received.
	In, Out Int
	// Fee is the fee in the input coin.
	Fee Split
	// Surcharge is the amount of the output coin that a guard withheld; it stays in the reserves.
	Surcharge Int
	// ReserveIn and ReserveOut are the reserves after.
	ReserveIn, ReserveOut Int
	// ImpactPPM is how much worse than the present price the trade is, in parts
	// per million, the fee and the rounding to whole units excluded: e/(x+e) of
	// the input e that prices the trade, rounded up. A surcharge counts.
	ImpactPPM uint32
}

// SwapExactIn returns the trade that sells dx to the reserves x and y.
//
//	out = floor(y*g*dx / (x*10^6 + g*dx)),  g = 10^6 - fee
//
// It rounds down, for the pool. ErrDust if out is zero.
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
	priced, den := price(x, dx, f)
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
// It rounds up, for the pool. ErrDrained if dy is all that is there or more.
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
	var err error
	if t.In, err = cost(x, y, dy, f); err != nil {
		return t, err
	}
	t.Out = *dy
	t.ImpactPPM = impact(dy, y)
	return t, t.settle(x, y, f)
}

// price returns g*dx and x*10^6 + g*dx, both below 2^148 for arguments of at most
// 2^127: the part of the output reserve that dx buys.
func price(x, dx *Int, f Fees) (priced, den Int) {
	priced.Mul(dx, uint256.NewInt(uint64(PPM-f.Swap)))
	den.Add(den.Mul(x, ppm), &priced)
	return priced, den
}

// cost returns the smallest input that buys dy from reserves that are in range.
func cost(x, y, dy *Int, f Fees) (Int, error) {
	var in, scaled, den Int // x*10^6 and g*(y-dy): below 2^148
	if !dy.Lt(y) {
		return in, ErrDrained
	}
	scaled.Mul(x, ppm)
	den.Mul(den.Sub(y, dy), uint256.NewInt(uint64(PPM-f.Swap)))
	if !mulDivUp(&in, &scaled, dy, &den) || TooLarge(&in) {
		return in, ErrTooLarge
	}
	return in, nil
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
