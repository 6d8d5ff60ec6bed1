package trader

import (
	"context"
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/alita-network/alita/x/datapool/types"
)

// Day is what has happened in a pool since the full hour 24 hours ago.
type Day struct {
	// ChangePercent is by how much the price has changed, in percent with 2 decimals, such as -1.50.
	ChangePercent string `json:"change_percent"`
	// VolumeAlita and VolumeData are what was traded, in ALITA and in Data Tokens.
	VolumeAlita string `json:"volume_alita"`
	VolumeData  string `json:"volume_data"`
	// Swaps counts the swaps.
	Swaps uint64 `json:"swaps"`
}

// hoursOfADay is how many candles a day has; the running hour is one more.
const hoursOfADay = 25

// Day reads the last day of a pool from its candles.
func (m Market) Day(ctx context.Context, p types.Pool, now time.Time) (Day, error) {
	res, err := m.Pools.Candles(ctx, &types.QueryCandlesRequest{PoolId: p.Id, Interval: types.CANDLE_INTERVAL_HOUR, Limit: hoursOfADay})
	if err != nil {
		return Day{}, err
	}
	since := now.Add(-24 * time.Hour).Truncate(time.Hour)
	price := Ratio(p.Reserves.Alita, p.Reserves.Data)
	if price == nil {
		price = new(big.Rat)
	}
	d, open, alita, data := Day{}, price, new(big.Rat), new(big.Rat)
	for _, c := range res.Candles { // the newest first
		if c.Time.Before(since) {
			break
		}
		numbers := make([]*big.Rat, 3)
		for i, text := range []string{c.Open, c.VolumeAlita, c.VolumeData} {
			var ok bool
			if numbers[i], ok = new(big.Rat).SetString(text); !ok || len(text) > maxNumber {
				return Day{}, fmt.Errorf("candle of %s: expected numbers, got %.20q", c.Time.UTC().Format(time.RFC3339), text)
			}
		}
		open = numbers[0]
		alita.Add(alita, numbers[1])
		data.Add(data, numbers[2])
		d.Swaps += c.Swaps
	}
	d.ChangePercent = "0.00"
	if open.Sign() > 0 {
		change := new(big.Rat).Quo(price, open)
		change.Sub(change, big.NewRat(1, 1))
		d.ChangePercent = change.Mul(change, big.NewRat(100, 1)).FloatString(2)
	}
	d.VolumeAlita, d.VolumeData = plainNumber(alita), plainNumber(data)
	return d, nil
}

// maxNumber is how long a number of a candle can be.
const maxNumber = 120

func plainNumber(v *big.Rat) string {
	return strings.TrimSuffix(strings.TrimRight(v.FloatString(types.Decimals), "0"), ".")
}

// Text says for people what has happened. It ends with a line feed.
func (d Day) Text(symbol string) string {
	sign := "+"
	if strings.HasPrefix(d.ChangePercent, "-") {
		sign = ""
	}
	return fmt.Sprintf("24 hours  %s%s%%, %s ALITA and %s %s traded in %d swaps\n", sign, d.ChangePercent, d.VolumeAlita, d.VolumeData, symbol, d.Swaps)
}
