package types

import (
	"encoding/binary"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/amm"
)

// Run is what one account trades in a row in an hour. Its trades back and forth count once: volume grows only while the ALITA
// that it has given in all is more than ever in the run, or less. So nobody paints volume by trading with itself alone; two
// accounts can, which costs them both fees.
type Run struct {
	// Trader is the end of the account's address, as a number. Accounts with the same one count as one.
	Trader uint64
	// Above is how much ALITA the account would have to give to have given more than ever in the run, Below how much it would
	// have to take to have taken more than ever.
	Above, Below amm.Int
}

// traderBytes is how much of an address tells accounts apart. To find one with the same end costs 2^64 hashes and makes less
// volume.
const traderBytes = 8

// Counted adds a trade of an account to the run, or begins another one, and returns the part of its ALITA that counts as
// traded. Given reports whether the account gives ALITA.
func (r *Run) Counted(trader sdk.AccAddress, alita *amm.Int, given bool) amm.Int {
	var end [traderBytes]byte
	copy(end[max(traderBytes-len(trader), 0):], trader[max(len(trader)-traderBytes, 0):])
	if who := binary.BigEndian.Uint64(end[:]); who != r.Trader {
		*r = Run{Trader: who}
	}
	ahead, behind := &r.Above, &r.Below
	if !given {
		ahead, behind = behind, ahead
	}
	var counted amm.Int
	if alita.Gt(ahead) {
		counted.Sub(alita, ahead)
		ahead.Clear()
	} else {
		ahead.Sub(ahead, alita)
	}
	// Two reserves at most: a run that has gone so far counts too little, and never too much.
	if _, overflow := behind.AddOverflow(behind, alita); overflow {
		behind.SetAllOne()
	}
	return counted
}

// Proto returns the run as queries and the genesis carry it.
func (r Run) Proto() RunState {
	return RunState{Trader: r.Trader, Above: MathInt(&r.Above), Below: MathInt(&r.Below)}
}

// set reads a run of the genesis; false if an amount is missing, negative or too long.
func (r *Run) set(p RunState) bool {
	r.Trader = p.Trader
	return SetInt(&r.Above, p.Above) && SetInt(&r.Below, p.Below)
}
