package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	datapooltypes "github.com/alita-network/alita/x/datapool/types"
)

// answer is the output of `alitad compute run --output json`.
type answer struct {
	JobID  string `json:"job_id"`
	Status string `json:"status"`
	Owners int    `json:"owners"`
	Rounds int    `json:"rounds"`
	Result struct {
		Table table `json:"table"`
		Facts []struct {
			Name  string `json:"name"`
			Value string `json:"value"`
		} `json:"facts"`
		Rounds []struct {
			LossName string `json:"loss_name"`
		} `json:"rounds"`
		Converged bool `json:"converged"`
	} `json:"result"`
	Bill struct {
		Operations uint64 `json:"operations"`
		Lines      []struct {
			RecordID   string `json:"record_id"`
			Owner      string `json:"owner"`
			Rounds     uint64 `json:"rounds"`
			Rows       uint64 `json:"rows"`
			Operations uint64 `json:"operations"`
			Owned      money  `json:"paid_to_owner"`
			Stakers    money  `json:"paid_to_stakers"`
		} `json:"contributions"`
		Seats []struct {
			Operator      string   `json:"operator"`
			Contributions int      `json:"contributions"`
			Paid          math.Int `json:"paid_ualita"`
		} `json:"seats"`
		Budget     money `json:"budget"`
		Owners     money `json:"paid_to_owners"`
		Stakers    money `json:"paid_to_stakers"`
		SeatsTotal money `json:"paid_to_seats"`
		Refunded   money `json:"refunded"`
		// DrawFee was burned in addition to the budget.
		DrawFee math.Int `json:"draw_fee_burned_ualita"`
	} `json:"bill"`
}

// table is a result.
type table struct {
	Header []string   `json:"header"`
	Rows   [][]string `json:"rows"`
}

// money is an amount of both coins.
type money struct {
	Alita math.Int `json:"ualita"`
	Data  math.Int `json:"data"`
}

func (m money) add(o money) money { return money{m.Alita.Add(o.Alita), m.Data.Add(o.Data)} }

// fact returns a number that describes a result as a whole.
func (a answer) fact(name string) string {
	for _, f := range a.Result.Facts {
		if f.Name == name {
			return f.Value
		}
	}
	return ""
}

// askAll asks all questions of a collection and compares each answer with the pooled one.
func (d *demo) askAll(ctx context.Context, c *collection, id uint64) error {
	for _, q := range c.questions {
		if q.microRho > 0 {
			if err := d.setBudgets(ctx, c, q.microRho); err != nil {
				return err
			}
		}
		d.story.begins("The consumer asks for %s", q.title)
		a, err := d.ask(ctx, c, id, q)
		if err != nil {
			return err
		}
		lines, err := q.check(c, a)
		if err != nil {
			return err
		}
		for _, l := range lines {
			d.story.line("%s", l)
		}
	}
	return nil
}

// setBudgets has the owners say what may be disclosed of a row of their records by all answers together: what one question takes.
func (d *demo) setBudgets(ctx context.Context, c *collection, microRho uint64) error {
	d.story.begins("The owners set budgets for what noised answers disclose of a row")
	group, groupCtx := errgroup.WithContext(ctx)
	for _, p := range c.parts {
		group.Go(func() error {
			_, err := d.net.Broadcast(groupCtx, p.Name(), "metadata", "set-privacy-budget", p.record, fmt.Sprint(microRho))
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	d.story.line("%d millionths of rho for each record: enough for one question at rho %g, and for no second one", microRho, float64(microRho)/1e6)
	return nil
}

// ask runs `alitad compute run`, shows its progress, its table and its bill, and checks every payment.
func (d *demo) ask(ctx context.Context, c *collection, id uint64, q question) (answer, error) {
	p, err := d.pool(ctx, id)
	if err != nil {
		return answer{}, err
	}
	before, err := d.ownersBalances(ctx, c, p)
	if err != nil {
		return answer{}, err
	}
	whom := []string{"--panels", c.panel}
	if q.microRho > 0 { // any owners, if there are enough of them
		whom = []string{"--min-cohort", "3"}
	}
	full := slices.Concat([]string{
		"compute", "run", "--pool", fmt.Sprint(id), "--price", q.price,
		"--from", "consumer", "--yes", "--output", "json", "--check-node", d.net.RPC(1),
	}, whom, q.args)
	d.story.line("$ alitad %s", strings.Join(full, " "))
	cmd := d.net.Command(ctx, full...)
	var stdout bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &indented{d.story}
	begin := time.Now()
	if err := cmd.Run(); err != nil {
		return answer{}, fmt.Errorf("alitad compute run: %w: %s", err, stdout.String())
	}
	var a answer
	if err := json.Unmarshal(stdout.Bytes(), &a); err != nil {
		return answer{}, err
	}
	d.story.line("the sum of %d owners, answered after %.1f s (rounds: %d):", a.Owners, time.Since(begin).Seconds(), a.Rounds)
	d.story.table(a.Result.Table.Header, a.Result.Table.Rows)
	for _, f := range a.Result.Facts {
		d.story.line("%s: %s", f.Name, f.Value)
	}
	if !a.Result.Converged || a.Owners != len(c.parts) {
		return answer{}, fmt.Errorf("answer: expected a converged one of %d owners, got one of %d owners, converged %t", len(c.parts), a.Owners, a.Result.Converged)
	}
	if err := d.tellBill(c, a); err != nil {
		return answer{}, err
	}
	return a, d.checkPayments(ctx, c, p, a, before)
}

// tellBill prints the bill and compares the three counts of operations of each contribution.
func (d *demo) tellBill(c *collection, a answer) error {
	var rows [][]string
	for _, l := range a.Bill.Lines {
		o := c.ownerOf(l.RecordID)
		if o == nil {
			return fmt.Errorf("contribution of an unknown record %s", l.RecordID)
		}
		// Operations do not depend on the input: every round takes as many.
		metered, operations, err := o.Worker.Metered(a.JobID)
		if err != nil {
			return err
		}
		if operations *= l.Rounds; operations != l.Operations || metered != l.Rows {
			return fmt.Errorf("%s metered %d operations over %d rows and was billed %d over %d", o.Name(), operations, metered, l.Operations, l.Rows)
		}
		rows = append(rows, []string{
			o.Name(), fmt.Sprint(l.Rows), fmt.Sprint(operations), fmt.Sprint(l.Operations), units(l.Owned.Alita), units(l.Owned.Data),
		})
	}
	rows = append(rows, []string{"stakers", "", "", "", units(a.Bill.Stakers.Alita), ""})
	for _, s := range a.Bill.Seats {
		rows = append(rows, []string{"seat " + d.seatName(s.Operator), "", "", "", units(s.Paid), ""})
	}
	rows = append(rows,
		[]string{"returned", "", "", "", units(a.Bill.Refunded.Alita), units(a.Bill.Refunded.Data)},
		[]string{"escrow", "", "", fmt.Sprint(a.Bill.Operations), units(a.Bill.Budget.Alita), units(a.Bill.Budget.Data)},
		[]string{"draw, burned", "", "", "", units(a.Bill.DrawFee), ""},
	)
	d.story.table([]string{"paid to", "rows", "metered", "billed", "ALITA", c.symbol}, rows)
	return nil
}

// checkPayments compares the bill with what really reached the owners' accounts, and its two sides to the unit.
func (d *demo) checkPayments(ctx context.Context, c *collection, p datapooltypes.Pool, a answer, before map[string]sdk.Coins) error {
	b := a.Bill
	in, out := b.Budget, b.Owners.add(b.Stakers).add(b.SeatsTotal).add(b.Refunded)
	if !in.Alita.Equal(out.Alita) || !in.Data.Equal(out.Data) {
		return fmt.Errorf("job %s: %s ualita and %s data in, %s and %s out", a.JobID, in.Alita, in.Data, out.Alita, out.Data)
	}
	seats := math.ZeroInt()
	for _, s := range b.Seats {
		seats = seats.Add(s.Paid)
		if s.Contributions != a.Rounds*len(c.parts) {
			return fmt.Errorf("paid contributions of seat %s: expected %d, got %d", s.Operator, a.Rounds*len(c.parts), s.Contributions)
		}
	}
	if !seats.Equal(b.SeatsTotal.Alita) || !b.SeatsTotal.Data.IsZero() {
		return fmt.Errorf("the seats got %s ualita, their lines say %s", b.SeatsTotal.Alita, seats)
	}
	after, err := d.ownersBalances(ctx, c, p)
	if err != nil {
		return err
	}
	for _, l := range b.Lines {
		o := c.ownerOf(l.RecordID)
		gained := after[o.Name()].AmountOf(p.DataDenom).Sub(before[o.Name()].AmountOf(p.DataDenom))
		if !gained.Equal(l.Owned.Data) {
			return fmt.Errorf("%s gained %s %s, the bill says %s", o.Name(), gained, p.DataDenom, l.Owned.Data)
		}
		// The owner also pays its worker's fees, so that its ALITA rise by the payment less those.
		change := after[o.Name()].AmountOf("ualita").Sub(before[o.Name()].AmountOf("ualita"))
		fees := l.Owned.Alita.Sub(change)
		if fees.IsNegative() {
			return fmt.Errorf("%s gained more ALITA than the bill says", o.Name())
		}
		d.story.line("%-9s has %s ALITA more after %s of transaction fees", o.Name(), units(change), units(fees))
	}
	d.story.line("in %s and %s %s, out the same to the unit", alita(in.Alita), units(in.Data), c.symbol)
	return nil
}

func (d *demo) ownersBalances(ctx context.Context, c *collection, p datapooltypes.Pool) (map[string]sdk.Coins, error) {
	all := map[string]sdk.Coins{}
	for _, o := range c.parts {
		coins, err := d.balances(ctx, o.address, p)
		if err != nil {
			return nil, err
		}
		all[o.Name()] = coins
	}
	return all, nil
}

func (c *collection) ownerOf(record string) *part {
	for _, o := range c.parts {
		if o.record == record {
			return o
		}
	}
	return nil
}

func parseInt(text string) (math.Int, error) {
	i, ok := math.NewIntFromString(text)
	if !ok {
		return math.Int{}, fmt.Errorf("%q is no whole number", text)
	}
	return i, nil
}
