package amm_test

import (
	"encoding/json"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/x/datapool/amm"
)

// published is a file of testdata/amm: what the tests of another market expect.
type published struct {
	Repository, Commit string
	Groups             []struct {
		Path, Test string
		Vectors    []vector
	}
}

type vector struct {
	Op     string
	X, Y   string
	Total  string
	Amount string
	MaxX   string `json:"max_x"`
	MaxY   string `json:"max_y"`
	Fee    uint32 `json:"fee_ppm"`
	Hops   []struct {
		X, Y string
		Fee  uint32 `json:"fee_ppm"`
	}
	// Want was published. Ours is given with Why if it is something else.
	Want, Ours map[string]string
	Why        string
}

// errorNames are the errors as the files name them.
var errorNames = map[string]error{"zero": amm.ErrZero, "empty": amm.ErrEmpty, "dust": amm.ErrDust, "drained": amm.ErrDrained}

func TestPublishedVectors(t *testing.T) {
	files, err := filepath.Glob("../../../testdata/amm/*.json")
	require.NoError(t, err)
	require.Len(t, files, 4)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			var p published
			decoder := json.NewDecoder(strings.NewReader(string(text)))
			decoder.DisallowUnknownFields()
			require.NoError(t, decoder.Decode(&p))
			require.NotEmpty(t, p.Repository)
			require.Len(t, p.Commit, 40)
			equal, different, refused := 0, 0, 0
			for _, g := range p.Groups {
				require.NotEmpty(t, g.Path)
				require.NotEmpty(t, g.Vectors, g.Test)
				for i, v := range g.Vectors {
					name := g.Test + " " + strconv.Itoa(i)
					got := v.run(t)
					if v.Ours == nil {
						require.Equal(t, v.Want, v.only(got), name)
						equal++
						continue
					}
					require.NotEmpty(t, v.Why, name)
					require.NotEqual(t, v.Want, v.only(got), name)
					require.Equal(t, v.Ours, got, name)
					if _, ok := got["error"]; ok {
						refused++
					} else {
						different++
					}
				}
			}
			t.Logf("%s: %d equal, %d different, %d refused here only", p.Repository, equal, different, refused)
		})
	}
}

// only leaves of a result what was published: whether it is an error, and some amounts.
func (v *vector) only(got map[string]string) map[string]string {
	out := map[string]string{}
	for key := range v.Want {
		if value, ok := got[key]; ok {
			out[key] = value
		}
	}
	if v.Want["error"] == "refused" && got["error"] != "" {
		out["error"] = "refused"
	}
	return out
}

func (v *vector) run(t *testing.T) map[string]string {
	t.Helper()
	got, err := v.compute(t)
	if err == nil {
		return got
	}
	for name, e := range errorNames {
		if errors.Is(err, e) {
			return map[string]string{"error": name}
		}
	}
	require.NoError(t, err)
	return nil
}

func (v *vector) compute(t *testing.T) (map[string]string, error) {
	t.Helper()
	fees := amm.Fees{Swap: v.Fee}
	n := func(text string) *amm.Int {
		if text == "" {
			return new(amm.Int)
		}
		return num(t, text)
	}
	x, y, total, amount := n(v.X), n(v.Y), n(v.Total), n(v.Amount)
	switch v.Op {
	case "exact_in":
		s, err := amm.SwapExactIn(x, y, amount, fees)
		return map[string]string{"out": s.Out.Dec()}, err
	case "exact_out":
		s, err := amm.SwapExactOut(x, y, amount, fees)
		return map[string]string{"in": s.In.Dec()}, err
	case "there_and_back":
		s, err := amm.SwapExactOut(x, y, amount, fees)
		if err != nil {
			return nil, err
		}
		s, err = amm.SwapExactIn(x, y, &s.In, fees)
		return map[string]string{"out": s.Out.Dec()}, err
	case "route":
		for _, h := range v.Hops {
			s, err := amm.SwapExactIn(n(h.X), n(h.Y), amount, amm.Fees{Swap: h.Fee})
			if err != nil {
				return nil, err
			}
			amount = &s.Out
		}
		return map[string]string{"out": amount.Dec()}, nil
	case "net":
		large := amm.MaxReserve()
		large.Rsh(&large, 1)
		s, err := amm.SwapExactIn(&large, &large, amount, fees)
		fee := s.Fee.Total()
		return map[string]string{"net": new(amm.Int).Sub(&s.In, &fee).Dec()}, err
	case "quote":
		// The pool's own refusals, and the proportion itself.
		most := amm.MaxReserve()
		if _, err := amm.AddLiquidity(x, y, num(t, "1000"), amount, &most); err != nil && !errors.Is(err, amm.ErrTooLarge) {
			return nil, err
		}
		other := amm.Portion(y, amount, x)
		return map[string]string{"other": other.Dec()}, nil
	case "price":
		p, err := amm.Price(x, y)
		text := new(big.Rat).SetFrac(p.ToBig(), new(big.Int).Lsh(big.NewInt(1), amm.PriceBits)).FloatString(18)
		return map[string]string{"price": strings.TrimSuffix(strings.TrimRight(text, "0"), ".")}, err
	}
	return v.liquidity(t, x, y, total, amount, n(v.MaxX), n(v.MaxY), fees)
}

func (v *vector) liquidity(t *testing.T, x, y, total, amount, maxX, maxY *amm.Int, fees amm.Fees) (map[string]string, error) {
	t.Helper()
	switch v.Op {
	case "first":
		s, err := amm.InitialShares(x, y)
		return map[string]string{"shares": s.Dec()}, err
	case "add":
		c, err := amm.AddLiquidity(x, y, total, maxX, maxY)
		return map[string]string{"shares": c.Shares.Dec(), "used_x": c.X.Dec(), "used_y": c.Y.Dec()}, err
	case "add_both":
		c, err := amm.AddLiquidity(x, y, total, maxX, maxY)
		if err != nil {
			return nil, err
		}
		rest := new(amm.Int).Sub(maxY, &c.Y)
		s, err := amm.AddSingle(nil, &c.ReserveY, &c.ReserveX, &c.TotalShares, rest, fees)
		return map[string]string{"shares": new(amm.Int).Add(&c.Shares, &s.Liquidity.Shares).Dec()}, err
	case "remove":
		c, err := amm.RemoveLiquidity(x, y, total, amount)
		return map[string]string{"paid_x": c.X.Dec(), "paid_y": c.Y.Dec()}, err
	case "add_single":
		s, err := amm.AddSingle(nil, x, y, total, amount, fees)
		return map[string]string{"shares": s.Liquidity.Shares.Dec()}, err
	case "remove_single":
		s, err := amm.RemoveSingle(nil, x, y, total, amount, fees)
		return map[string]string{"paid": new(amm.Int).Add(&s.Liquidity.X, &s.Swap.Out).Dec()}, err
	}
	require.Fail(t, "unknown op", v.Op)
	return nil, nil
}
