package types

import (
	"math/big"
	"time"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/x/datapool/amm"
)

// MaxTakeDays is the longest time that Circle looks ahead: a hundred years.
const MaxTakeDays = 36_525

// Circle is what bounds the ALITA that the maker of a pool and everybody who acts with
// it could take out of the pool's account, by any trades, deposits, withdrawals, claims
// and rewards, if nobody else trades. Why it does: docs/adr/0029.
type Circle struct {
	// Now is the block's time.
	Now time.Time
	// Alita and Data are the reserves, Shares the total of shares.
	Alita, Data, Shares math.Int
	// Held are Data Tokens that the circle may hold already, without having bought them.
	Held math.Int
	// Free are shares that the circle may hold, Locked the first shares still in the pool.
	Free   math.Int
	Locked LockedShares
	// Vesting is the allotment.
	Vesting Vesting
	// Fees are the maker's swap fees, not yet claimed.
	Fees Amounts
	// Budget is the reward budget; Bucket what could leave it now.
	Budget, Bucket Amounts
	// PerDay is the most that leaves the budget in a day now, MaxPerDay what it may be
	// raised to, from RaiseFrom on at the earliest.
	PerDay, MaxPerDay math.Int
	RaiseFrom         time.Time
	// OutletPPM is the part of the reserve of Data Tokens that may leave the budget in a day.
	OutletPPM uint32
}

// Whole is the ALITA that could be taken at most: reserve, maker's fees and budget.
func (c *Circle) Whole() math.Int { return c.Alita.Add(c.Fees.Alita).Add(c.Budget.Alita) }

// Take returns the most ualita that the circle could take within some seconds from now,
// rounded up:
//
//	take = F_A + min(B_A, b_A + B_A*T/100) + X - (1-f)^2*X*Y/(Y + D),  D = d + out
//	out  = min(B, b + rate*T + (max-rate)*soon, (Y+d)*((1+r)*e^(r*T) - 1))
//
// with T in days, the reserves X, Y, the circle's part f of the shares, the Data Tokens d
// that it got for nothing or will by vesting, the budget B with its bucket b, and soon the
// days after the earliest raise. Each division rounds so that the result is no smaller
// than the exact one.
func (c *Circle) Take(seconds uint64) math.Int {
	t := new(big.Int).SetUint64(seconds)
	end := time.Unix(c.Now.Unix()+int64(seconds), int64(c.Now.Nanosecond()))
	held := c.Held.Add(c.Fees.Data).Add(c.Vesting.Free(end)).BigInt()
	x, y, shares := c.Alita.BigInt(), c.Data.BigInt(), c.Shares.BigInt()

	// What others than the circle hold of the shares: the first thousand stay in any case.
	circle := c.Free
	if !end.Before(c.Locked.Until) {
		circle = circle.Add(c.Locked.Amount)
	}
	others := math.MaxInt(c.Shares.Sub(circle), math.NewInt(amm.MinimumShares)).BigInt()

	data := new(big.Int).Add(y, held)
	data.Add(data, c.out(t, seconds, data))
	// left = others^2*x*y/(shares^2*data), rounded down
	left := new(big.Int).Mul(others, others)
	left.Mul(left, x).Mul(left, y)
	left.Quo(left, shares.Mul(shares, shares).Mul(shares, data))

	budget := c.Budget.Alita.BigInt()
	alita := up(new(big.Int).Mul(budget, t), big.NewInt(alitaPerDay*secondsPerDay))
	alita.Add(alita, c.Bucket.Alita.BigInt())
	if alita.Cmp(budget) > 0 {
		alita = budget
	}
	alita.Add(alita, c.Fees.Alita.BigInt()).Add(alita, x).Sub(alita, left)
	return math.NewIntFromBigIntMut(alita)
}

// out returns the most Data Tokens that leave the budget within a time, if reserve and
// circle have some together now.
func (c *Circle) out(t *big.Int, seconds uint64, data *big.Int) *big.Int {
	day := big.NewInt(secondsPerDay)
	rate, most := c.PerDay.BigInt(), c.MaxPerDay.BigInt()
	out := up(new(big.Int).Mul(rate, t), day)
	out.Add(out, c.Bucket.Data.BigInt())
	if soon := c.Now.Unix() + int64(seconds) - c.RaiseFrom.Unix(); soon > 0 && most.Cmp(rate) > 0 {
		more := most.Sub(most, rate)
		out.Add(out, up(more.Mul(more, big.NewInt(soon)), day))
	}
	if budget := c.Budget.Data.BigInt(); budget.Cmp(out) < 0 {
		out = budget
	}
	if grown := c.grown(t, data); grown.Cmp(out) < 0 {
		out = grown
	}
	return out
}

// grown returns data*((1+r)*e^(r*t) - 1), rounded up: the outlet lets out r of the reserve
// a day, and reserve and circle together grow by nothing else.
func (c *Circle) grown(t, data *big.Int) *big.Int {
	rate := big.NewInt(int64(c.OutletPPM))
	per := big.NewInt(PPM)
	factor := expAbove(new(big.Int).Mul(rate, t), new(big.Int).Mul(per, big.NewInt(secondsPerDay)))
	// (10^6+r)*factor*data/(10^6*2^expBits) - data
	factor.Mul(factor, rate.Add(rate, per)).Mul(factor, data)
	return factor.Sub(up(factor, per.Lsh(per, expBits)), data)
}

const (
	// expBits are the fractional bits of expAbove.
	expBits = 160
	// expHalvings is how often expAbove halves its argument.
	expHalvings = 24
)

// expAbove returns e^(num/den) times 2^expBits for num >= 0 and den > 0, never less and
// above by a part of at most 10^-10 up to e^730. With u = num/den/2^24, rounded up,
//
//	e^u <= 1 + u + u^2/2 + u^3/4  for 0 <= u <= 1,
//
// since what follows u^2/2 in the series is u^3/6*(1 + u/4 + u^2/20 + ...) < u^3/4; and
// e^(num/den) is the 2^24th power of e^u: 24 squarings, each rounded up.
func expAbove(num, den *big.Int) *big.Int {
	unit := new(big.Int).Lsh(big.NewInt(1), expBits)
	u := up(new(big.Int).Lsh(num, expBits), new(big.Int).Lsh(den, expHalvings))
	square := up(new(big.Int).Mul(u, u), unit)
	cube := up(new(big.Int).Mul(square, u), unit)
	e := new(big.Int).Add(unit, u)
	e.Add(e, up(square, big.NewInt(2))).Add(e, up(cube, big.NewInt(4)))
	for range expHalvings {
		e = up(e.Mul(e, e), unit)
	}
	return e
}

// up returns ceil(num/den) for num >= 0 and den > 0.
func up(num, den *big.Int) *big.Int {
	q, r := new(big.Int).QuoRem(num, den, new(big.Int))
	if r.Sign() > 0 {
		q.Add(q, big.NewInt(1))
	}
	return q
}

// DaysToTenth returns for how many whole days, from now on, the circle can not take a
// tenth of the ALITA in the pool's account: at most MaxTakeDays. What it can take only
// rises with time.
func (c *Circle) DaysToTenth() uint32 {
	tenth := c.Whole().AddRaw(9).QuoRaw(10)
	low, high := uint32(0), uint32(MaxTakeDays) // the answer lies in low..high
	for low < high {
		mid := high - (high-low)/2
		if c.Take(uint64(mid) * secondsPerDay).LT(tenth) {
			low = mid
		} else {
			high = mid - 1
		}
	}
	return low
}

// TakeIn returns what the circle could take within some days, for people: in ALITA and as
// percent of all, rounded up to units and millionths of a per cent.
func (c *Circle) TakeIn(days uint32) Take {
	take := c.Take(uint64(days) * secondsPerDay)
	part := math.NewIntFromBigIntMut(up(new(big.Int).Mul(take.BigInt(), big.NewInt(100*PPM)), c.Whole().BigIntMut()))
	return Take{Days: days, Alita: FormatUnits(take, Decimals), Percent: FormatUnits(part, 6)}
}
