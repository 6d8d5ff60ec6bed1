package compute

import (
	"cosmossdk.io/math"

	"github.com/alita-network/alita/x/compute/types"
)

// bill says what a job cost. Its budget is what owners, stakers and seats got and what returned, to the unit; the draw fee was paid
// beside it.
type bill struct {
	PricePerMop math.Int   `json:"price_per_million_operations_ualita"`
	Operations  uint64     `json:"operations"`
	Lines       []billLine `json:"contributions"`
	Seats       []seatLine `json:"seats,omitempty"`
	Budget      money      `json:"budget"`
	Owners      money      `json:"paid_to_owners"`
	Stakers     money      `json:"paid_to_stakers"`
	SeatsTotal  money      `json:"paid_to_seats"`
	Refunded    money      `json:"refunded"`
	DrawFee     math.Int   `json:"draw_fee_burned_ualita"`
}

// billLine is what a record got over all rounds.
type billLine struct {
	RecordID   string `json:"record_id"`
	Owner      string `json:"owner"`
	Status     string `json:"status"`
	Rounds     int    `json:"rounds"`
	Rows       uint64 `json:"rows"`
	Operations uint64 `json:"operations"`
	Owned      money  `json:"paid_to_owner"`
	Stakers    money  `json:"paid_to_stakers"`
}

// seatLine is what a seat got over all rounds.
type seatLine struct {
	Operator      string   `json:"operator"`
	Contributions uint32   `json:"contributions"`
	Paid          math.Int `json:"paid_ualita"`
}

// money is in ualita and in Data Token units.
type money struct {
	Alita math.Int `json:"ualita"`
	Data  math.Int `json:"data"`
}

func toMoney(f types.Funds) money { return money{f.Alita, f.Data} }

func (m money) add(o money) money { return money{m.Alita.Add(o.Alita), m.Data.Add(o.Data)} }

func (m money) sub(o money) money { return money{m.Alita.Sub(o.Alita), m.Data.Sub(o.Data)} }

func noMoney() money { return toMoney(types.ZeroFunds()) }

// roundBill is what a round has paid.
type roundBill struct {
	Round         uint32     `json:"round"`
	Contributions []billLine `json:"contributions"`
	Seats         []seatLine `json:"seats,omitempty"`
}

// billOfRound lists what the round of a job that is over, and that nothing has followed yet, has paid.
func billOfRound(job types.Job, contributions []types.Contribution) roundBill {
	b := roundBill{Round: job.Round, Contributions: make([]billLine, 0, len(contributions))}
	for _, c := range contributions {
		if job.IsSecure() && !job.Current(c) {
			continue
		}
		line := billLine{
			RecordID: c.Attestation.RecordId, Owner: c.Owner, Status: shortName(c.Status.String(), "CONTRIBUTION_STATUS_"), Rounds: 1,
			Rows: c.Attestation.Rows, Operations: c.Attestation.Operations, Owned: noMoney(), Stakers: noMoney(),
		}
		if c.Status == types.CONTRIBUTION_STATUS_PAID {
			part := types.Funds{Alita: types.StakersPart(c.Fee.Alita, job.StakersFeePpm), Data: math.ZeroInt()}
			line.Owned, line.Stakers = toMoney(c.Fee.Sub(part)), toMoney(part)
		}
		b.Contributions = append(b.Contributions, line)
	}
	if job.Failure != types.FAILURE_REASON_UNSPECIFIED {
		return b
	}
	for _, s := range job.Seats {
		b.Seats = append(b.Seats, seatLine{Operator: s.Operator, Contributions: job.Valid, Paid: s.Fee.MulRaw(int64(job.Valid))})
	}
	return b
}

// newBill adds the rounds of a job up.
func newBill(job types.Job, rounds []roundBill) bill {
	b := bill{
		PricePerMop: job.Spec.PricePerMop, Operations: job.Operations, Lines: []billLine{},
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
	// What was paid and is no owner's or staker's is the seats'.
	b.SeatsTotal = toMoney(job.Paid).sub(b.Owners).sub(b.Stakers)
	return b
}

func (b *bill) addLine(line billLine) {
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

func (b *bill) addSeat(seat seatLine) {
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
