package amm

import "github.com/holiman/uint256"

// Change is a deposit or a withdrawal as it would happen.
type Change struct {
	// X and Y are taken from the depositor or paid to the withdrawer.
	X, Y Int
	// Shares are minted or burned.
	Shares Int
	// ReserveX, ReserveY and TotalShares are what the pool has after.
	ReserveX, ReserveY, TotalShares Int
}

// InitialShares returns floor(sqrt(x*y)), the total of shares of a new pool.
// ErrDust if it does not exceed MinimumShares, which nobody ever gets.
func InitialShares(x, y *Int) (Int, error) {
	var s Int
	if err := checkReserves(x, y); err != nil {
		return s, err
	}
	s.Sqrt(s.Mul(x, y))
	if !s.GtUint64(MinimumShares) {
		return s, ErrDust
	}
	return s, nil
}

// AddLiquidity returns the largest deposit in proportion that takes no more than
// maxX and maxY.
//
//	shares = min(floor(maxX*S/x), floor(maxY*S/y))
//	used   = ceil(shares*x/S), ceil(shares*y/S)
//
// Shares round down and what is taken rounds up, for the pool. What does not
// fit the proportion is not taken. ErrDust if shares is zero.
func AddLiquidity(x, y, total, maxX, maxY *Int) (Change, error) {
	var c Change
	if err := checkPool(x, y, total); err != nil {
		return c, err
	}
	if maxX.IsZero() || maxY.IsZero() {
		return c, ErrZero
	}
	if TooLarge(maxX) || TooLarge(maxY) {
		return c, ErrTooLarge
	}
	var byY Int
	if !mulDiv(&c.Shares, maxX, total, x) || !mulDiv(&byY, maxY, total, y) {
		return c, ErrTooLarge
	}
	if byY.Lt(&c.Shares) {
		c.Shares = byY
	}
	if c.Shares.IsZero() {
		return c, ErrDust
	}
	if !mulDivUp(&c.X, &c.Shares, x, total) || !mulDivUp(&c.Y, &c.Shares, y, total) {
		return c, ErrTooLarge
	}
	c.ReserveX.Add(x, &c.X)
	c.ReserveY.Add(y, &c.Y)
	if _, overflow := c.TotalShares.AddOverflow(total, &c.Shares); overflow {
		return c, ErrTooLarge
	}
	if TooLarge(&c.ReserveX) || TooLarge(&c.ReserveY) || TooLarge(&c.TotalShares) {
		return c, ErrTooLarge
	}
	return c, c.check(x, y, total)
}

// RemoveLiquidity returns what shares redeem.
//
//	paid = floor(shares*x/S), floor(shares*y/S)
//
// It rounds down, for the pool. ErrDrained if shares reaches into the
// MinimumShares that are locked for ever; ErrDust if either amount is zero.
func RemoveLiquidity(x, y, total, shares *Int) (Change, error) {
	var c Change
	if err := checkPool(x, y, total); err != nil {
		return c, err
	}
	if shares.IsZero() {
		return c, ErrZero
	}
	if _, underflow := c.TotalShares.SubOverflow(total, shares); underflow || c.TotalShares.LtUint64(MinimumShares) {
		return c, ErrDrained
	}
	if !mulDiv(&c.X, shares, x, total) || !mulDiv(&c.Y, shares, y, total) {
		return c, ErrTooLarge
	}
	if c.X.IsZero() || c.Y.IsZero() {
		return c, ErrDust
	}
	c.Shares = *shares
	c.ReserveX.Sub(x, &c.X)
	c.ReserveY.Sub(y, &c.Y)
	return c, c.check(x, y, total)
}

// check returns ErrInvariant if a share would be worth less than before, in
// either coin: x'/S' >= x/S and y'/S' >= y/S, multiplied out.
func (c *Change) check(x, y, total *Int) error {
	for _, r := range [2]struct{ before, after *Int }{{x, &c.ReserveX}, {y, &c.ReserveY}} {
		var after, before Int // at most 2^254
		if after.Mul(r.after, total).Lt(before.Mul(r.before, &c.TotalShares)) {
			return ErrInvariant
		}
	}
	if c.ReserveX.IsZero() || c.ReserveY.IsZero() {
		return ErrInvariant
	}
	return nil
}

// checkPool refuses a pool that cannot exist.
func checkPool(x, y, total *Int) error {
	if err := checkReserves(x, y); err != nil {
		return err
	}
	if total.Lt(uint256.NewInt(MinimumShares)) {
		return ErrEmpty
	}
	if TooLarge(total) {
		return ErrTooLarge
	}
	return nil
}
