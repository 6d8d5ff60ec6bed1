package types

import (
	"encoding/binary"

	"github.com/holiman/uint256"

	collcodec "cosmossdk.io/collections/codec"

	"github.com/alita-network/alita/x/datapool/amm"
)

// outletVersion and ownerVersion begin the stored records.
const (
	outletVersion = 1
	ownerVersion  = 1
)

const (
	secondsPerDay = 86_400
	// alitaPerDay is the part of the ALITA in a budget that may leave in a day: a hundredth.
	alitaPerDay = 100
	// ownersPerDay is the number of owners that take all that may leave in a day: one gets a tenth.
	ownersPerDay = 10
)

// OutletState bounds how fast a pool's reward budget leaves. Each coin has a bucket that
// fills with time and holds at most a day's flow.
type OutletState struct {
	// Bucket is what both buckets held at the Unix time At.
	Bucket Pair
	At     int64
	// Owed is what owners have earned of Data Tokens and was not let out yet. It lies in
	// the budget.
	Owed amm.Int
	// Admissions and MakerFees are the sums of Data Tokens that were ever paid for admitted
	// records and claimed by makers as swap fees.
	Admissions, MakerFees amm.Int
}

// OwnerRewards is what a pool owes one owner, and what it paid it in a day.
type OwnerRewards struct {
	// Owed is what the owner has earned of Data Tokens and was not paid yet.
	Owed amm.Int
	// Day numbers the day of UTC of the last payment, Paid is what was paid in it.
	Day  int64
	Paid amm.Int
}

// OutletValue and OwnerRewardsValue encode them for the store as markets are.
var (
	OutletValue collcodec.ValueCodec[OutletState] = recordCodec[OutletState]{
		name: "alita.datapool.v1.Outlet", encode: encodeOutlet, decode: decodeOutlet,
	}
	OwnerRewardsValue collcodec.ValueCodec[OwnerRewards] = recordCodec[OwnerRewards]{
		name: "alita.datapool.v1.RewardAccount", encode: encodeOwner, decode: decodeOwner,
	}
)

func encodeOutlet(o *OutletState) []byte {
	b := append(make([]byte, 0, 64), outletVersion)
	b = binary.AppendVarint(appendPairs(b, &o.Bucket), o.At)
	return appendInt(appendInt(appendInt(b, &o.Owed), &o.Admissions), &o.MakerFees)
}

func decodeOutlet(b []byte) (OutletState, error) {
	var o OutletState
	r := reader{rest: b}
	r.version(outletVersion)
	r.pairs(&o.Bucket)
	o.At = r.varint()
	r.int(&o.Owed)
	r.int(&o.Admissions)
	r.int(&o.MakerFees)
	return o, r.end()
}

func encodeOwner(o *OwnerRewards) []byte {
	b := append(make([]byte, 0, 32), ownerVersion)
	b = binary.AppendVarint(appendInt(b, &o.Owed), o.Day)
	return appendInt(b, &o.Paid)
}

func decodeOwner(b []byte) (OwnerRewards, error) {
	var o OwnerRewards
	r := reader{rest: b}
	r.version(ownerVersion)
	r.int(&o.Owed)
	o.Day = r.varint()
	r.int(&o.Paid)
	return o, r.end()
}

// Proto returns the outlet as queries and the genesis carry it.
func (o OutletState) Proto() Outlet {
	return Outlet{
		Data: MathInt(&o.Bucket.Data), Alita: MathInt(&o.Bucket.Alita), At: o.At,
		Owed: MathInt(&o.Owed), Admissions: MathInt(&o.Admissions), MakerFees: MathInt(&o.MakerFees),
	}
}

// set reads an outlet of the genesis; false if an amount is missing, negative or too long.
func (o *OutletState) set(p Outlet) bool {
	o.At = p.At
	return SetInt(&o.Bucket.Data, p.Data) && SetInt(&o.Bucket.Alita, p.Alita) &&
		SetInt(&o.Owed, p.Owed) && SetInt(&o.Admissions, p.Admissions) && SetInt(&o.MakerFees, p.MakerFees)
}

// Proto returns the account as queries and the genesis carry it.
func (o OwnerRewards) Proto() RewardAccount {
	return RewardAccount{Owed: MathInt(&o.Owed), Day: o.Day, Paid: MathInt(&o.Paid)}
}

// OwnerRewardsFromProto returns an account of the genesis; false if an amount is missing,
// negative or too long.
func OwnerRewardsFromProto(p RewardAccount) (OwnerRewards, bool) {
	o := OwnerRewards{Day: p.Day}
	ok := SetInt(&o.Owed, p.Owed) && SetInt(&o.Paid, p.Paid)
	return o, ok
}

// Flow returns the most Data Tokens that may leave a budget in a day:
//
//	min(perDay, outletPPM/10^6 * y * min(1, first/S)), rounded down
//
// with the reserve y of Data Tokens, the total of shares S and that of the first
// liquidity. A deposit does not raise it, so nobody can open the outlet wider for an hour.
func Flow(perDay *amm.Int, m *Market, first *amm.Int, outletPPM uint32) amm.Int {
	flow := amm.Portion(&m.Reserves.Data, uint256.NewInt(uint64(outletPPM)), uint256.NewInt(PPM))
	if first.Lt(&m.Shares) {
		flow = amm.Portion(&flow, first, &m.Shares)
	}
	if perDay.Lt(&flow) {
		return *perDay
	}
	return flow
}

// Fill lets both buckets fill up to a time, at a flow of Data Tokens a day and a
// hundredth of the budget's ALITA a day, rounded down. Neither holds more than a day's.
// If the time adds nothing to either, it is not used up.
func (o *OutletState) Fill(now int64, flow, budgetAlita *amm.Int) {
	day := Pair{Data: *flow}
	day.Alita.Div(budgetAlita, uint256.NewInt(alitaPerDay))
	var added bool
	for _, alita := range [...]bool{true, false} {
		bucket, most := o.Bucket.Of(alita), day.Of(alita)
		if now > o.At {
			seconds := uint256.NewInt(min(uint64(now-o.At), secondsPerDay))
			add := amm.Portion(most, seconds, uint256.NewInt(secondsPerDay))
			bucket.Add(bucket, &add)
			added = added || !add.IsZero()
		}
		if bucket.Gt(most) {
			*bucket = *most
		}
	}
	if added {
		o.At = now
	}
}

// Left returns what one owner may get in the day of a time if a day's flow is given: a
// tenth of it, less what it got in that day.
func (o *OwnerRewards) Left(now int64, flow *amm.Int) amm.Int {
	var most amm.Int
	most.Div(flow, uint256.NewInt(ownersPerDay))
	if o.Day != now/secondsPerDay {
		return most
	}
	if _, underflow := most.SubOverflow(&most, &o.Paid); underflow {
		most.Clear()
	}
	return most
}

// Pay notes a payment of Data Tokens in the day of a time.
func (o *OwnerRewards) Pay(now int64, amount *amm.Int) {
	if day := now / secondsPerDay; o.Day != day {
		o.Day = day
		o.Paid.Clear()
	}
	o.Paid.Add(&o.Paid, amount)
}
