package amm

import "github.com/holiman/uint256"

// Opening are the reserves of the input and the output coin before the first
// trade of a block. A guarded trade gets what the curve gives or what the opening
// allows, whichever is less. If others have taken of the input coin in this block, the
// part of the input that only brings its reserve back to X undoes their trades, at the
// opening price Y/X itself; the rest gets what it would get from the opening reserves:
//
//	limit = floor(e0*Y/X) + floor(Y*(e-e0)/(X+e-e0)),  e0 = min(e, max(0, X-x))
//
// with the input e that prices the trade. So nobody trades at better than the price at
// which the block opened: who buys, lets others buy and sells in the same block gets no
// more back than was paid.
//
// With p = Y/X: a guarded input of dx gets at most p*e0 + Y*(e-e0)/(X+e-e0) <= p*e <= p*dx,
// and a guarded input dy of the other coin at most dy/p. Sums over parts keep the
// bounds, so splitting a trade does not help. What the curve gives is never exceeded, so
// k does not fall.
//
// It binds withdrawals too: shares redeem for no more than they were worth when the
// block opened, valued at its price. Without this, somebody who gives liquidity between
// the trades of others, and takes it out after them, would sell to them at the price
// that stands then. So nobody can raise the worth of what they hold within a block, at
// the price of its opening.
type Opening struct {
	X, Y Int
}

// GuardedSwapExactIn is SwapExactIn under the guard.
//
//	out = min(floor(y*e/(x+e)), limit),  e = dx*(10^6 - fee)/10^6
//
// with the limit of Opening. What the opening withholds is the Surcharge; it stays in
// the reserves. ImpactPPM counts it. A nil Opening is no guard. ErrDust if out is zero.
func GuardedSwapExactIn(o *Opening, x, y, dx *Int, f Fees) (Trade, error) {
	t, err := SwapExactIn(x, y, dx, f)
	if err != nil || o == nil {
		return t, err
	}
	limit, err := o.exactIn(x, dx, f)
	if err != nil {
		return t, err
	}
	if limit.Lt(&t.Out) {
		t.withhold(y, &limit)
	}
	return t, nil
}

// GuardedSwapExactOut is SwapExactOut under the guard: the smallest input for
// which GuardedSwapExactIn would return at least dy, the greater of what the curve and
// what the opening asks for.
//
// If the opening asks for more, the Surcharge is what the curve would have given for
// the input beyond dy. ErrDrained if dy is all that the pool holds or more, or no input
// would get it from the opening.
func GuardedSwapExactOut(o *Opening, x, y, dy *Int, f Fees) (Trade, error) {
	t, err := SwapExactOut(x, y, dy, f)
	if err != nil || o == nil {
		return t, err
	}
	in, err := o.exactOut(x, dy, f)
	if err != nil || !in.Gt(&t.In) {
		return t, err
	}
	// A larger input never gets less, so the curve gives at least dy.
	if t, err = SwapExactIn(x, y, &in, f); err != nil {
		return t, err
	}
	if t.Out.Lt(dy) {
		return t, ErrInvariant
	}
	t.withhold(y, dy)
	return t, nil
}

// GuardedRemoveLiquidity is RemoveLiquidity under the guard.
//
//	paid = floor(floor(shares*x/S) * min(1, 2*X*Y / (x*Y + y*X))), and the same of y
//
// X and Y are the opening reserves for the present total of shares. x*Y + y*X over Y
// is what the reserves are worth in coin X at the opening price, 2*X what they were:
// trades move the reserves along a curve whose lowest worth, at that price, is the
// opening's. The difference, of second order in the move of the price, stays with the
// other shares until the block is over. A nil Opening is no guard.
func GuardedRemoveLiquidity(o *Opening, x, y, total, shares *Int) (Change, error) {
	c, err := RemoveLiquidity(x, y, total, shares)
	if err != nil || o == nil {
		return c, err
	}
	if err := checkReserves(&o.X, &o.Y); err != nil {
		return c, err
	}
	var worth, other, then Int // at most 2^255
	worth.Add(worth.Mul(x, &o.Y), other.Mul(y, &o.X))
	then.Lsh(then.Mul(&o.X, &o.Y), 1)
	if !worth.Gt(&then) {
		return c, nil
	}
	if !mulDiv(&c.X, &c.X, &then, &worth) || !mulDiv(&c.Y, &c.Y, &then, &worth) {
		return c, ErrTooLarge
	}
	if c.X.IsZero() || c.Y.IsZero() {
		return c, ErrDust
	}
	c.ReserveX.Sub(x, &c.X)
	c.ReserveY.Sub(y, &c.Y)
	return c, c.check(x, y, total)
}

// exactIn returns the limit for an input of dx > 0 that finds the reserve x of its
// coin. ErrDust if that is zero.
func (o *Opening) exactIn(x, dx *Int, f Fees) (Int, error) {
	var out, undone Int
	if err := checkReserves(&o.X, &o.Y); err != nil {
		return out, err
	}
	priced, den := price(&o.X, dx, f)
	if x.Lt(&o.X) {
		part := o.undoes(x)
		if priced.Lt(&part) {
			part = priced
		}
		priced.Sub(&priced, &part)
		den.Sub(&den, &part)
		var scaled Int // X*10^6
		if !mulDiv(&undone, &part, &o.Y, scaled.Sub(&den, &priced)) {
			return out, ErrTooLarge
		}
	}
	if !mulDiv(&out, &o.Y, &priced, &den) {
		return out, ErrTooLarge
	}
	if out.Add(&out, &undone).IsZero() {
		return out, ErrDust
	}
	return out, nil
}

// exactOut returns the smallest input for which the limit is at least dy > 0. ErrDrained
// if there is none.
func (o *Opening) exactOut(x, dy *Int, f Fees) (Int, error) {
	if err := checkReserves(&o.X, &o.Y); err != nil {
		return Int{}, err
	}
	if !x.Lt(&o.X) {
		return cost(&o.X, &o.Y, dy, f)
	}
	var in, scaled, undone, rest, left Int // scaled is X*10^6
	part := o.undoes(x)
	scaled.Mul(&o.X, ppm)
	if !mulDiv(&undone, &part, &o.Y, &scaled) {
		return in, ErrTooLarge
	}
	if !dy.Gt(&undone) {
		if !mulDivUp(&in, &scaled, dy, &o.Y) {
			return in, ErrTooLarge
		}
	} else {
		rest.Sub(dy, &undone)
		if !rest.Lt(&o.Y) {
			return in, ErrDrained
		}
		if !mulDivUp(&in, &scaled, &rest, left.Sub(&o.Y, &rest)) {
			return in, ErrTooLarge
		}
		if _, overflow := in.AddOverflow(&in, &part); overflow {
			return in, ErrTooLarge
		}
	}
	// The input is priced at g millionths of itself: in = ceil(priced/g).
	if !mulDivUp(&in, &in, one, uint256.NewInt(uint64(PPM-f.Swap))) || TooLarge(&in) {
		return in, ErrTooLarge
	}
	return in, nil
}

// undoes returns (X-x)*10^6 for x < X: the priced input that brings the reserve back to
// what it was.
func (o *Opening) undoes(x *Int) Int {
	var z Int
	z.Mul(z.Sub(&o.X, x), ppm)
	return z
}

// withhold lowers the output to out, no more than it was, for the good of the
// reserves.
func (t *Trade) withhold(y, out *Int) {
	t.Surcharge.Sub(&t.Out, out)
	t.ImpactPPM = CombineImpact(t.ImpactPPM, impact(&t.Surcharge, &t.Out))
	t.Out = *out
	t.ReserveOut.Sub(y, out)
}

// Scale follows a deposit or a withdrawal in proportion, which changes the total of
// shares and leaves the price as it is: each reserve becomes
// floor(reserve * newTotal / total), at least 1 and at most 2^127. A total of
// zero, which no pool has, changes nothing.
func (o *Opening) Scale(total, newTotal *Int) {
	if total.IsZero() {
		return
	}
	for _, r := range [2]*Int{&o.X, &o.Y} {
		if !mulDiv(r, r, newTotal, total) || TooLarge(r) {
			r.Set(maxReserve)
		}
		if r.IsZero() {
			r.SetOne()
		}
	}
}

// flipped returns the opening for a trade the other way; nil for nil.
func (o *Opening) flipped() *Opening {
	if o == nil {
		return nil
	}
	return &Opening{X: o.Y, Y: o.X}
}
