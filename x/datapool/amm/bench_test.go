package amm_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/x/datapool/amm"
)

// BenchmarkQuote compares the two integer types that were candidates; the package
// uses the one that does not allocate.
func BenchmarkQuote(b *testing.B) {
	x, y, dx := num(b, "1234567890123456"), num(b, "98765432109876543"), num(b, "1000000007")
	fees := amm.Fees{Swap: 3000, Maker: 200_000, Protocol: 100_000, Rewards: 100_000}
	b.Run("exact in", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := amm.SwapExactIn(x, y, dx, fees); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("exact out", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := amm.SwapExactOut(x, y, dx, fees); err != nil {
				b.Fatal(err)
			}
		}
	})
	bx, by, bdx := x.ToBig(), y.ToBig(), dx.ToBig()
	b.Run("math-big formula alone", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if bigExactIn(bx, by, bdx, 3000).Sign() == 0 {
				b.Fatal("zero")
			}
		}
	})
}

// BenchmarkGuardedSwap measures trades that the opening prices, the longest way.
func BenchmarkGuardedSwap(b *testing.B) {
	x, y, dx := num(b, "1234567890123456"), num(b, "98765432109876543"), num(b, "1000000007")
	o := &amm.Opening{X: *num(b, "1300000000000000"), Y: *num(b, "93000000000000000")}
	fees := amm.Fees{Swap: 3000, Maker: 200_000, Protocol: 100_000, Rewards: 100_000}
	b.Run("exact in", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if t, err := amm.GuardedSwapExactIn(o, x, y, dx, fees); err != nil || t.Surcharge.IsZero() {
				b.Fatal(err)
			}
		}
	})
	b.Run("exact out", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if t, err := amm.GuardedSwapExactOut(o, x, y, dx, fees); err != nil || t.Surcharge.IsZero() {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkSingle(b *testing.B) {
	x, y, total := num(b, "1234567890123456"), num(b, "98765432109876543"), num(b, "11042256123456789")
	amount := num(b, "1000000007")
	o := &amm.Opening{X: *num(b, "1300000000000000"), Y: *num(b, "93000000000000000")}
	fees := amm.Fees{Swap: 3000, Maker: 200_000, Protocol: 100_000, Rewards: 100_000}
	for _, tc := range []struct {
		name string
		o    *amm.Opening
	}{{"add", nil}, {"add, guarded", o}} {
		b.Run(tc.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := amm.AddSingle(tc.o, x, y, total, amount, fees); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("remove, guarded", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := amm.RemoveSingle(o, x, y, total, amount, fees); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// TestNoAllocation: what each swap runs through does not allocate.
func TestNoAllocation(t *testing.T) {
	x, y, d := num(t, "1234567890123456"), num(t, "98765432109876543"), num(t, "1000000007")
	o := &amm.Opening{X: *num(t, "1300000000000000"), Y: *num(t, "93000000000000000")}
	fees := amm.Fees{Swap: 3000, Maker: 200_000, Protocol: 100_000, Rewards: 100_000}
	for name, run := range map[string]func() error{
		"exact in":  func() error { _, err := amm.GuardedSwapExactIn(o, x, y, d, fees); return err },
		"exact out": func() error { _, err := amm.GuardedSwapExactOut(o, x, y, d, fees); return err },
		"remove":    func() error { _, err := amm.RemoveSingle(o, x, y, y, d, fees); return err },
	} {
		require.NoError(t, run(), name)
		require.Zero(t, testing.AllocsPerRun(100, func() { _ = run() }), name)
	}
}

func BenchmarkLiquidity(b *testing.B) {
	x, y, total := num(b, "1234567890123456"), num(b, "98765432109876543"), num(b, "11042256123456789")
	amount := num(b, "1000000007")
	b.Run("add", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := amm.AddLiquidity(x, y, total, amount, amount); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("remove", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := amm.RemoveLiquidity(x, y, total, amount); err != nil {
				b.Fatal(err)
			}
		}
	})
}
