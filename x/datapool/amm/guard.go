package amm

// Opening are the reserves of the input and the output coin before the first
// trade of a block. A guarded trade gets what the curve gives or what the same
// trade would get from the opening reserves, whichever is less. So nobody trades
// at better than the price at which the block opened: who buys, lets others buy
// and sells in the same block gets no more back than was paid.
//
// With p = Y/X, the opening price: a guarded input of dx gets at most
// Y*dx/(X+dx) < p*dx, and a guarded input dy of the other coin less than dy/p.
// Sums over parts keep the bounds, so splitting a trade does not help.
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
//	out = min(floor(y*e/(x+e)), floor(Y*e/(X+e))),  e = dx*(10^6 - fee)/10^6
//
// What the opening reserves withhold is the Surcharge; it stays in the reserves.
// ImpactPPM counts it. A nil Opening is no guard. ErrDust if out is zero.
func GuardedSwapExactIn(o *Opening, x, y, dx *Int, f Fees) (Trade, error) {
	t, err := SwapExactIn(x, y, dx, f)
	if err != nil || o == nil {
		return t, err
	}
	limit, err := o.exactIn(dx, f)
	if err != nil {
		return t, err
	}
	if limit.Lt(&t.Out) {
		t.withhold(y, &limit)
	}
	return t, nil
}

// GuardedSwapExactOut is SwapExactOut under the guard: the smallest input for
// which GuardedSwapExactIn would return at least dy.
//
//	in = max(ceil(x*10^6*dy/(g*(y-dy))), ceil(X*10^6*dy/(g*(Y-dy)))),  g = 10^6 - fee
//
// If the opening reserves ask for more, the Surcharge is what the curve would
// have given for the input beyond dy. ErrDrained if dy is all that the pool
// holds, or held at the opening, or more.
func GuardedSwapExactOut(o *Opening, x, y, dy *Int, f Fees) (Trade, error) {
	t, err := SwapExactOut(x, y, dy, f)
	if err != nil || o == nil {
		return t, err
	}
	in, err := o.exactOut(dy, f)
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

// exactIn returns what dx > 0 gets from the opening reserves. ErrDust if that
// is zero.
func (o *Opening) exactIn(dx *Int, f Fees) (Int, error) {
	var out Int
	if err := checkReserves(&o.X, &o.Y); err != nil {
		return out, err
	}
	priced, den := price(&o.X, dx, f)
	if !mulDiv(&out, &o.Y, &priced, &den) {
		return out, ErrTooLarge
	}
	if out.IsZero() {
		return out, ErrDust
	}
	return out, nil
}

// exactOut returns what dy > 0 costs at the opening reserves.
func (o *Opening) exactOut(dy *Int, f Fees) (Int, error) {
	if err := checkReserves(&o.X, &o.Y); err != nil {
		return Int{}, err
	}
	return cost(&o.X, &o.Y, dy, f)
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
