package amm_test

import (
	"math/big"
	"math/rand"
	"os"
	"testing"

	"github.com/holiman/uint256"
	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/x/datapool/amm"
)

// TestRandomOperations runs random trades and changes of liquidity, of any size up to
// 2^255, one after the other on pools whose reserves begin anywhere from 1,001 to 10^30.
// After each that succeeds: in a swap k has not fallen, the fee and the reserves add up
// to the unit, and no share has lost value. The others change nothing.
// ALITA_SIM=full runs 2,000,000 operations.
func TestRandomOperations(t *testing.T) {
	operations := 20_000
	if os.Getenv("ALITA_SIM") == "full" {
		operations = 2_000_000
	}
	r := rand.New(rand.NewSource(1))
	done := map[string]int{}
	var p *randomPool
	for i := range operations {
		if i%100 == 0 {
			p = newRandomPool(t, r)
		}
		what, err := p.step(t)
		if err != nil {
			require.NotErrorIs(t, err, amm.ErrInvariant, what)
			what = "refused"
		}
		done[what]++
	}
	for _, what := range []string{"sell", "buy", "add", "remove", "add single", "remove single", "block", "refused"} {
		require.NotZero(t, done[what], what)
	}
	t.Logf("%d operations: %v", operations, done)
}

// randomPool is a pool under random operations.
type randomPool struct {
	r       *rand.Rand
	x, y, s amm.Int
	open    *amm.Opening // nil without the guard
	fees    amm.Fees
}

func newRandomPool(t *testing.T, r *rand.Rand) *randomPool {
	t.Helper()
	p := &randomPool{r: r}
	for {
		p.x, p.y = p.upTo(100), p.upTo(100)
		p.x.AddUint64(&p.x, 1_001)
		p.y.AddUint64(&p.y, 1_001)
		var err error
		if p.s, err = amm.InitialShares(&p.x, &p.y); err == nil {
			break
		}
	}
	swap := []uint32{0, 1, 3_000, 10_000, 500_000, 999_999}[r.Intn(6)]
	p.fees = amm.Fees{Swap: swap, Maker: uint32(r.Intn(300_000)), Protocol: uint32(r.Intn(300_000)), Rewards: uint32(r.Intn(300_000))}
	if r.Intn(2) == 0 {
		p.open = &amm.Opening{X: p.x, Y: p.y}
	}
	return p
}

// upTo returns a number of at most this many bits, every length as likely.
func (p *randomPool) upTo(bits int) amm.Int {
	var z amm.Int
	b := make([]byte, 32)
	p.r.Read(b)
	z.SetBytes(b)
	z.Rsh(&z, uint(256-p.r.Intn(bits+1)))
	return z
}

// amount is some part of a reserve, or anything up to 2^255.
func (p *randomPool) amount(of *amm.Int) amm.Int {
	if p.r.Intn(4) == 0 {
		return p.upTo(255)
	}
	var z amm.Int
	z.Mul(of, uint256.NewInt(uint64(p.r.Intn(1_200_000))))
	z.Div(&z, uint256.NewInt(1_000_000))
	return z
}

// step does one operation.
func (p *randomPool) step(t *testing.T) (string, error) {
	t.Helper()
	before := *p
	// The other way round half of the time.
	if p.r.Intn(2) == 0 {
		p.x, p.y = p.y, p.x
		if p.open != nil {
			p.open = &amm.Opening{X: p.open.Y, Y: p.open.X}
		}
		before = *p
	}
	switch p.r.Intn(9) {
	case 0, 1:
		dx := p.amount(&p.x)
		trade, err := amm.GuardedSwapExactIn(p.open, &p.x, &p.y, &dx, p.fees)
		return "sell", p.swapped(t, &before, &trade, err)
	case 2, 3:
		dy := p.amount(&p.y)
		trade, err := amm.GuardedSwapExactOut(p.open, &p.x, &p.y, &dy, p.fees)
		return "buy", p.swapped(t, &before, &trade, err)
	case 4:
		maxX, maxY := p.amount(&p.x), p.amount(&p.y)
		change, err := amm.AddLiquidity(&p.x, &p.y, &p.s, &maxX, &maxY)
		return "add", p.changed(t, &before, &change, err)
	case 5:
		shares := p.amount(&p.s)
		change, err := amm.RemoveLiquidity(&p.x, &p.y, &p.s, &shares)
		return "remove", p.changed(t, &before, &change, err)
	case 6:
		dx := p.amount(&p.x)
		single, err := amm.AddSingle(p.open, &p.x, &p.y, &p.s, &dx, p.fees)
		if err == nil {
			var all amm.Int
			all.Add(&single.Swap.In, &single.Liquidity.X)
			require.Equal(t, dx, all)
			require.Equal(t, single.Swap.Out, single.Liquidity.Y)
		}
		return "add single", p.changed(t, &before, &single.Liquidity, err)
	case 7:
		shares := p.amount(&p.s)
		single, err := amm.RemoveSingle(p.open, &p.x, &p.y, &p.s, &shares, p.fees)
		if err == nil {
			require.Equal(t, single.Swap.In, single.Liquidity.Y)
		}
		return "remove single", p.changed(t, &before, &single.Liquidity, err)
	default:
		if p.open != nil {
			p.open = &amm.Opening{X: p.x, Y: p.y}
		}
		return "block", nil
	}
}

// swapped takes over a trade.
func (p *randomPool) swapped(t *testing.T, before *randomPool, trade *amm.Trade, err error) error {
	t.Helper()
	if err != nil {
		return err
	}
	p.x, p.y = trade.ReserveIn, trade.ReserveOut
	var in, out, fee amm.Int
	in.Sub(&p.x, &before.x)
	for _, part := range []*amm.Int{&trade.Fee.Maker, &trade.Fee.Protocol, &trade.Fee.Rewards} {
		in.Add(&in, part)
	}
	out.Sub(&before.y, &p.y)
	require.Equal(t, []amm.Int{trade.In, trade.Out}, []amm.Int{in, out}, "a unit is lost")
	fee.Mul(&trade.In, uint256.NewInt(uint64(p.fees.Swap)))
	fee.Div(&fee, uint256.NewInt(amm.PPM))
	require.Equal(t, fee, trade.Fee.Total())
	require.GreaterOrEqual(t, p.product().Cmp(before.product()), 0, "k fell")
	return nil
}

// changed takes over a change of liquidity.
func (p *randomPool) changed(t *testing.T, before *randomPool, c *amm.Change, err error) error {
	t.Helper()
	if err != nil {
		return err
	}
	p.x, p.y, p.s = c.ReserveX, c.ReserveY, c.TotalShares
	if p.open != nil {
		o := *p.open
		o.Scale(&before.s, &p.s)
		p.open = &o
	}
	// x'*y'*S^2 >= x*y*S'^2
	left, right := p.product(), before.product()
	left.Mul(left, square(&before.s))
	right.Mul(right, square(&p.s))
	require.GreaterOrEqual(t, left.Cmp(right), 0, "a share lost value")
	return nil
}

// product is x*y.
func (p *randomPool) product() *big.Int { return new(big.Int).Mul(p.x.ToBig(), p.y.ToBig()) }

func square(v *amm.Int) *big.Int { b := v.ToBig(); return b.Mul(b, b) }
