package terms

import (
	"fmt"

	"cosmossdk.io/math"
)

// Funds are an amount of ualita and one of Data Token units of the job's pool.
type Funds struct {
	Alita math.Int
	Data  math.Int
}

// NewFunds returns amounts of ualita and of Data Token units.
func NewFunds(alita, data int64) Funds {
	return Funds{Alita: math.NewInt(alita), Data: math.NewInt(data)}
}

// Sub returns f - g; the result may be negative.
func (f Funds) Sub(g Funds) Funds {
	return Funds{Alita: f.Alita.Sub(g.Alita), Data: f.Data.Sub(g.Data)}
}

// Covers reports whether f is at least g in both amounts.
func (f Funds) Covers(g Funds) bool {
	return f.Alita.GTE(g.Alita) && f.Data.GTE(g.Data)
}

// Text shows the funds for people: "12 ualita and 34 Data Token units".
func (f Funds) Text() string {
	return fmt.Sprintf("%s ualita and %s Data Token units", f.Alita, f.Data)
}
