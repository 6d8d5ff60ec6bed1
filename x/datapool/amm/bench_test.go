package amm_test

import (
	"testing"

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
