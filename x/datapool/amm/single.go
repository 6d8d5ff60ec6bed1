package amm

import "math/big"

// Single is a deposit or a withdrawal of one coin: a swap and a change of liquidity
// in proportion, one after the other.
type Single struct {
	Swap Trade
	// Liquidity.X and Liquidity.Y are given or paid in proportion. Its reserves and
	// its total of shares are those after both steps.
	Liquidity Change
}

// AddSingle returns the deposit of dx of coin X alone. It sells a part of it under
// the guard and gives the rest with what it bought: Swap.In + Liquidity.X = dx and
// Liquidity.Y = Swap.Out. Minted is what AddLiquidity would mint for the two after
// the swap. All of both goes into the reserves, so what does not fit the
// proportion is the pool's. The caller scales the opening by the new total.
//
// The part sold is the one that mints most (bestPart), found for a fee that stays or
// leaves by real parts of units: the swap rounds the three parts that leave down, so
// its reserve x' is up to 3 units larger. Of the shares of the best part at least
// 1-3/x' are minted, less one.
//
// ErrDust if dx is too small to buy or to mint a unit.
func AddSingle(o *Opening, x, y, total, dx *Int, f Fees) (Single, error) {
	var best Single
	if err := checkPool(x, y, total); err != nil {
		return best, err
	}
	if o != nil {
		if err := checkReserves(&o.X, &o.Y); err != nil {
			return best, err
		}
	}
	if err := f.Check(); err != nil {
		return best, err
	}
	if dx.IsZero() {
		return best, ErrZero
	}
	if TooLarge(dx) {
		return best, ErrTooLarge
	}
	part := bestPart(o, x, y, dx, f)
	best, err := addSingle(o, x, y, total, dx, &part, f)
	try := func(part *Int) {
		s, failed := addSingle(o, x, y, total, dx, part, f)
		if failed == nil && (err != nil || s.Liquidity.Shares.Gt(&best.Liquidity.Shares)) {
			best, err = s, nil
		}
	}
	// The part is exact for real numbers. In whole units the best one lies next to
	// it, or is the smallest that buys a unit more than its neighbour does.
	var next Int
	if !part.IsZero() {
		try(next.SubUint64(&part, 1))
	}
	try(next.AddUint64(&part, 1))
	var more Int
	if t, failed := GuardedSwapExactIn(o, x, y, &next, f); failed == nil {
		more = t.Out
	}
	if t, failed := GuardedSwapExactOut(o, x, y, more.AddUint64(&more, 1), f); failed == nil {
		try(&t.In)
	}
	return best, err
}

// addSingle is AddSingle with the part to sell given.
func addSingle(o *Opening, x, y, total, dx, part *Int, f Fees) (Single, error) {
	var s Single
	if part.IsZero() || !part.Lt(dx) {
		return s, ErrDust
	}
	var err error
	if s.Swap, err = GuardedSwapExactIn(o, x, y, part, f); err != nil {
		return s, err
	}
	t, c := &s.Swap, &s.Liquidity
	c.X.Sub(dx, part)
	c.Y = t.Out
	var byY Int
	if !mulDiv(&c.Shares, &c.X, total, &t.ReserveIn) || !mulDiv(&byY, &c.Y, total, &t.ReserveOut) {
		return s, ErrTooLarge
	}
	if byY.Lt(&c.Shares) {
		c.Shares = byY
	}
	if c.Shares.IsZero() {
		return s, ErrDust
	}
	c.ReserveX.Add(&t.ReserveIn, &c.X)
	c.ReserveY.Add(&t.ReserveOut, &c.Y)
	if _, overflow := c.TotalShares.AddOverflow(total, &c.Shares); overflow {
		return s, ErrTooLarge
	}
	if TooLarge(&c.ReserveX) || TooLarge(&c.ReserveY) || TooLarge(&c.TotalShares) {
		return s, ErrTooLarge
	}
	return s, c.check(&t.ReserveIn, &t.ReserveOut, total)
}

// RemoveSingle returns the withdrawal of shares in coin X alone: GuardedRemoveLiquidity,
// and the swap of what it pays of coin Y under the guard, which the withdrawal has scaled.
// The withdrawer gets Liquidity.X + Swap.Out; Swap.In is Liquidity.Y. The caller
// scales its opening by the new total.
//
// ErrDust if either coin, or the swap, would pay nothing.
func RemoveSingle(o *Opening, x, y, total, shares *Int, f Fees) (Single, error) {
	var s Single
	var err error
	if s.Liquidity, err = GuardedRemoveLiquidity(o, x, y, total, shares); err != nil {
		return s, err
	}
	c := &s.Liquidity
	scaled := o.flipped()
	if scaled != nil {
		scaled.Scale(total, &c.TotalShares)
	}
	if s.Swap, err = GuardedSwapExactIn(scaled, &c.ReserveY, &c.ReserveX, &c.Y, f); err != nil {
		return s, err
	}
	c.ReserveX, c.ReserveY = s.Swap.ReserveOut, s.Swap.ReserveIn
	return s, nil
}

// bestPart returns the part s of dx to sell so that the rest and the output q are in
// the proportion of the reserves after the swap, rounded down:
//
//	(dx-s)/(x+h*s) = q/(y-q)
//
// Of a unit of input, h stays in the reserves and w prices the trade:
// h = 1 - fee*(protocol + (1-protocol)*(maker+rewards)), w = 1 - fee. On the curve q/(y-q) = w*s/x, so
//
//	w*h*s^2 + (1+w)*x*s - x*dx = 0
//
// What the opening X, Y allows is, with R = X-x if that is above zero,
//
//	q = Y*w*s/X  if w*s <= R, beyond it  q = Y*R/X + Y*(w*s-R)/(x+w*s)
//	q = Y*w*s/(X+w*s)  if R is not above zero
//
// so that with U = Y*(R+X) the equations are, in this order,
//
//	-w*(1-h)*Y*s^2 + (w*Y*(x+dx) + y*X)*s - y*X*dx = 0
//	w*(y*X - (1-h)*U)*s^2 + (w*(U*x + (U-y*X)*dx) + (1-h)*Y*R^2 + y*X*x)*s - y*X*x*dx - Y*R^2*(x+dx) = 0
//	w*(y - (1-h)*Y)*s^2 + (y*X + w*x*Y - w*(y-Y)*dx)*s - y*X*dx = 0
//
// The left side of the proportion falls with s and the right one rises, and the
// guard takes the lesser q: the part is the greater of the two. Each equation is
// below zero at 0 and above zero at dx, so it has one root between. The
// coefficients are multiplied by 10^6 for w and 10^18 for h and have 592 bits at most.
func bestPart(o *Opening, x, y, dx *Int, f Fees) Int {
	scale := big.NewInt(PPM * PPM * PPM)
	w := big.NewInt(int64(PPM - f.Swap))
	out := new(big.Int).SetUint64(uint64(f.Swap) * f.leaves()) // below 10^18
	bx, by, bdx := x.ToBig(), y.ToBig(), dx.ToBig()

	// a = w*h*10^24, b = (10^6+w)*10^18*x, c = 10^24*x*dx
	a := new(big.Int).Sub(scale, out)
	a.Mul(a, w)
	b := big.NewInt(int64(2*PPM - f.Swap))
	b.Mul(b, scale).Mul(b, bx)
	whole := product(scale, big.NewInt(PPM))
	c := product(whole, bx)
	c.Mul(c, bdx)
	part := root(a, b, c)
	if o != nil {
		guarded := openingPart(o, x, bx, by, bdx, w, out, scale, whole)
		if guarded.Cmp(part) > 0 {
			part = guarded
		}
	}
	var s Int
	s.SetFromBig(part)
	return s
}

// openingPart is the root of the equation of bestPart for what the opening allows: w is
// 10^6 times that of the equations, out is 10^18*(1-h), scale is 10^18 and whole 10^24.
func openingPart(o *Opening, x *Int, bx, by, bdx, w, out, scale, whole *big.Int) *big.Int {
	ox, oy := o.X.ToBig(), o.Y.ToBig()
	yX := product(by, ox)
	a, b := new(big.Int), new(big.Int)
	// c = 10^24*y*X*dx
	c := product(whole, yX)
	c.Mul(c, bdx)
	if !x.Lt(&o.X) {
		// a = w*(y*10^18 - out*Y)
		a.Mul(by, scale)
		a.Sub(a, product(out, oy)).Mul(a, w)
		// b = 10^18*w*(x*Y - (y-Y)*dx) + 10^24*y*X
		b.Sub(by, oy)
		b.Sub(product(bx, oy), b.Mul(b, bdx)).Mul(b, w).Mul(b, scale)
		b.Add(b, product(whole, yX))
		return root(a, b, c)
	}
	// a = -w*out*Y, b = 10^18*w*Y*(x+dx) + 10^24*y*X
	all := new(big.Int).Add(bx, bdx)
	a.Mul(w, out)
	a.Neg(a.Mul(a, oy))
	b.Mul(w, oy)
	b.Mul(b, all).Mul(b, scale)
	b.Add(b, product(whole, yX))
	part := root(a, b, c)
	room := o.undoes(x) // 10^6*R
	if product(w, part).Cmp(room.ToBig()) <= 0 {
		return part
	}
	r := new(big.Int).Sub(ox, bx)
	u := new(big.Int).Add(r, ox)
	u.Mul(u, oy)
	yrr := product(r, r)
	yrr.Mul(yrr, oy)
	yXx := product(yX, bx)
	// a = w*(10^18*y*X - out*U)
	a.Mul(yX, scale)
	a.Sub(a, product(out, u)).Mul(a, w)
	// c = 10^24*(y*X*x*dx + Y*R^2*(x+dx))
	c.Mul(yrr, all)
	c.Add(c, product(yXx, bdx)).Mul(c, whole)
	// b = 10^18*w*(U*x + (U-y*X)*dx) + 10^6*out*Y*R^2 + 10^24*y*X*x
	b.Sub(u, yX)
	b.Mul(b, bdx)
	b.Add(b, u.Mul(u, bx)).Mul(b, w).Mul(b, scale)
	b.Add(b, yrr.Mul(yrr, out).Mul(yrr, big.NewInt(PPM)))
	b.Add(b, yXx.Mul(yXx, whole))
	return root(a, b, c)
}

func product(a, b *big.Int) *big.Int { return new(big.Int).Mul(a, b) }

// root returns the floor of the smallest positive root of a*s^2 + b*s - c for c > 0,
// up to one unit; zero if there is none. With r = sqrt(b^2 + 4ac) it is 2c/(b+r),
// or (r-b)/2a if b is negative and the sum would cancel.
func root(a, b, c *big.Int) *big.Int {
	d := new(big.Int).Mul(a, c)
	d.Lsh(d, 2)
	d.Add(d, new(big.Int).Mul(b, b))
	if d.Sign() < 0 {
		return d.SetInt64(0)
	}
	d.Sqrt(d)
	if b.Sign() < 0 {
		if a.Sign() <= 0 {
			return d.SetInt64(0)
		}
		d.Sub(d, b)
		return d.Quo(d, new(big.Int).Lsh(a, 1))
	}
	if d.Add(d, b).Sign() == 0 {
		return d
	}
	return d.Quo(new(big.Int).Lsh(c, 1), d)
}
