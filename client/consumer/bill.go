package consumer

import (
	"cosmossdk.io/math"

	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/x/compute/types"
)

// Bill says what a job cost. Its budget is what owners, stakers and seats got and
// what returned, to the unit. The draw fee was paid in addition.
type Bill struct {
	PricePerMop math.Int   `json:"price_per_million_operations_ualita"`
	Operations  uint64     `json:"operations"`
	Lines       []BillLine `json:"contributions"`
	Seats       []SeatLine `json:"seats,omitempty"`
	Budget      Money      `json:"budget"`
	Owners      Money      `json:"paid_to_owners"`
	Stakers     Money      `json:"paid_to_stakers"`
	SeatsTotal  Money      `json:"paid_to_seats"`
	Refunded    Money      `json:"refunded"`
	DrawFee     math.Int   `json:"draw_fee_burned_ualita"`
}

// BillLine is the payment for a record over all rounds.
type BillLine struct {
	RecordID   string `json:"record_id"`
	Owner      string `json:"owner"`
	Status     string `json:"status"`
	Rounds     int    `json:"rounds"`
	Rows       uint64 `json:"rows"`
	Operations uint64 `json:"operations"`
	Owned      Money  `json:"paid_to_owner"`
	Stakers    Money  `json:"paid_to_stakers"`
}

// SeatLine is the payment of a seat over all rounds.
type SeatLine struct {
	Operator      string   `json:"operator"`
	Contributions uint32   `json:"contributions"`
	Paid          math.Int `json:"paid_ualita"`
}

// Money is in ualita and in units of the pool's Data Token.
type Money struct {
	Alita math.Int `json:"ualita"`
	Data  math.Int `json:"data"`
}

func toMoney(f types.Funds) Money { return Money{f.Alita, f.Data} }

func (m Money) add(o Money) Money { return Money{m.Alita.Add(o.Alita), m.Data.Add(o.Data)} }

func (m Money) sub(o Money) Money { return Money{m.Alita.Sub(o.Alita), m.Data.Sub(o.Data)} }

func noMoney() Money { return toMoney(types.ZeroFunds()) }

// roundBill is the payments of one round.
type roundBill struct {
	Round         uint32     `json:"round"`
	Contributions []BillLine `json:"contributions"`
	Seats         []SeatLine `json:"seats,omitempty"`
}

// billOfRound lists what the round of a job has paid, once it is over and before the
// next one is asked.
func billOfRound(job types.Job, contributions []types.Contribution) roundBill {
	b := roundBill{Round: job.Round, Contributions: make([]BillLine, 0, len(contributions))}
	for _, c := range contributions {
		if job.IsSecure() && !job.Current(c) {
			continue
		}
		line := BillLine{
			RecordID: c.Attestation.RecordId, Owner: c.Owner, Status: shortName(c.Status.String(), "CONTRIBUTION_STATUS_"), Rounds: 1,
			Rows: c.Attestation.Rows, Operations: c.Attestation.Operations, Owned: noMoney(), Stakers: noMoney(),
		}
		if c.Status == types.CONTRIBUTION_STATUS_PAID {
			part := types.Funds{Alita: terms.StakersPart(c.Fee.Alita, job.StakersFeePpm), Data: math.ZeroInt()}
			line.Owned, line.Stakers = toMoney(c.Fee.Sub(part)), toMoney(part)
		}
		b.Contributions = append(b.Contributions, line)
	}
	if job.Failure != types.FAILURE_REASON_UNSPECIFIED {
		return b
	}
	for _, s := range job.Seats {
		b.Seats = append(b.Seats, SeatLine{Operator: s.Operator, Contributions: job.Valid, Paid: s.Fee.MulRaw(int64(job.Valid))})
	}
	return b
}

// newBill adds the rounds of a job up.
func newBill(job types.Job, rounds []roundBill) Bill {
	b := Bill{
		PricePerMop: job.Spec.PricePerMop, Operations: job.Operations, Lines: []BillLine{},
		Budget: toMoney(job.Spec.Budget), Refunded: toMoney(job.Refunded), DrawFee: job.DrawFee, Owners: noMoney(), Stakers: noMoney(),
	}
	for _, round := range rounds {
		for _, line := range round.Contributions {
			b.Owners, b.Stakers = b.Owners.add(line.Owned), b.Stakers.add(line.Stakers)
			b.addLine(line)
		}
		for _, seat := range round.Seats {
			b.addSeat(seat)
		}
	}
	// What was paid to neither owners nor stakers went to the seats.
	b.SeatsTotal = toMoney(job.Paid).sub(b.Owners).sub(b.Stakers)
	return b
}

func (b *Bill) addLine(line BillLine) {
	for i := range b.Lines {
		l := &b.Lines[i]
		if l.RecordID == line.RecordID {
			l.Status, l.Rows = line.Status, line.Rows
			l.Rounds += line.Rounds
			l.Operations += line.Operations
			l.Owned, l.Stakers = l.Owned.add(line.Owned), l.Stakers.add(line.Stakers)
			return
		}
	}
	b.Lines = append(b.Lines, line)
}

func (b *Bill) addSeat(seat SeatLine) {
	for i := range b.Seats {
		s := &b.Seats[i]
		if s.Operator == seat.Operator {
			s.Contributions += seat.Contributions
			s.Paid = s.Paid.Add(seat.Paid)
			return
		}
	}
	b.Seats = append(b.Seats, seat)
}
