package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"strconv"
	"strings"
	"time"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	datapooltypes "github.com/alita-network/alita/x/datapool/types"
)

// answer is what `alitad compute run --output json` prints.
type answer struct {
	JobID  string `json:"job_id"`
	Status string `json:"status"`
	Result struct {
		Header []string   `json:"header"`
		Rows   [][]string `json:"rows"`
	} `json:"result"`
	Bill struct {
		Operations uint64 `json:"operations"`
		Lines      []struct {
			RecordID   string `json:"record_id"`
			Owner      string `json:"owner"`
			Rows       uint64 `json:"rows"`
			Operations uint64 `json:"operations"`
			Owned      money  `json:"paid_to_owner"`
			Stakers    money  `json:"paid_to_stakers"`
		} `json:"contributions"`
		Budget   money `json:"budget"`
		Owners   money `json:"paid_to_owners"`
		Stakers  money `json:"paid_to_stakers"`
		Refunded money `json:"refunded"`
	} `json:"bill"`
}

// money is an amount of both coins.
type money struct {
	Alita math.Int `json:"ualita"`
	Data  math.Int `json:"data"`
}

// askMoments runs the first question and compares the answer with the pooled one.
func (d *demo) askMoments(ctx context.Context, c *collection, id uint64) error {
	d.story.begins("The consumer asks for mean and deviation of %s", strings.Join(c.columns, ", "))
	a, err := d.ask(ctx, c, id, "--program", "moments", "--columns", strings.Join(c.columns, ","), "--decimals", c.decimals)
	if err != nil {
		return err
	}
	pooled, err := pooledMoments(c.data, c.columns)
	if err != nil {
		return err
	}
	return d.compareMoments(c, a, pooled)
}

// askHistogram runs the second question and compares the answer with the pooled one.
func (d *demo) askHistogram(ctx context.Context, c *collection, id uint64) error {
	q := c.histogram
	d.story.begins("The consumer asks for a histogram of %s", q.column)
	a, err := d.ask(ctx, c, id, "--program", "histogram", "--columns", q.column, "--decimals", q.decimals,
		"--lower", q.lower, "--width", q.width, "--bins", q.bins)
	if err != nil {
		return err
	}
	want, err := pooledHistogram(c.data, q)
	if err != nil {
		return err
	}
	counts := map[string]int{}
	bin, edge, count := indexOf(a.Result.Header, "bin"), indexOf(a.Result.Header, "from"), indexOf(a.Result.Header, "count")
	if bin < 0 || edge < 0 || count < 0 {
		return fmt.Errorf("the histogram has the columns %v", a.Result.Header)
	}
	for _, row := range a.Result.Rows {
		if _, err := strconv.Atoi(row[bin]); err == nil {
			counts[row[edge]] = atoi(row[count])
		}
	}
	if !maps.Equal(counts, want) {
		return fmt.Errorf("the histogram is %v, pooled %v", counts, want)
	}
	d.story.line("equal to the pooled histogram in all %d bins", len(want))
	return nil
}

// ask runs `alitad compute run`, shows its progress, its table and its bill, and checks every payment.
func (d *demo) ask(ctx context.Context, c *collection, id uint64, args ...string) (answer, error) {
	p, err := d.pool(ctx, id)
	if err != nil {
		return answer{}, err
	}
	before, err := d.ownersBalances(ctx, c, p)
	if err != nil {
		return answer{}, err
	}
	full := append([]string{
		"compute", "run", "--pool", fmt.Sprint(id), "--price", pricePerMop, "--min-cohort", "3",
		"--from", "consumer", "--yes", "--output", "json",
	}, args...)
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
	d.story.line("answered after %.1f s:", time.Since(begin).Seconds())
	d.story.table(a.Result.Header, a.Result.Rows)
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
		metered, operations, err := o.Worker.Metered(a.JobID)
		if err != nil {
			return err
		}
		if operations != l.Operations || metered != l.Rows {
			return fmt.Errorf("%s metered %d operations over %d rows and was billed %d over %d", o.Name, operations, metered, l.Operations, l.Rows)
		}
		rows = append(rows, []string{
			o.Name, fmt.Sprint(l.Rows), fmt.Sprint(operations), fmt.Sprint(l.Operations), units(l.Owned.Alita), units(l.Owned.Data),
		})
	}
	rows = append(rows,
		[]string{"stakers", "", "", "", units(a.Bill.Stakers.Alita), ""},
		[]string{"returned", "", "", "", units(a.Bill.Refunded.Alita), units(a.Bill.Refunded.Data)},
		[]string{"escrow", "", "", fmt.Sprint(a.Bill.Operations), units(a.Bill.Budget.Alita), units(a.Bill.Budget.Data)},
	)
	d.story.table([]string{"paid to", "rows", "metered", "billed", "ALITA", c.symbol}, rows)
	return nil
}

// checkPayments compares the bill with what really reached the owners' accounts, and its two sides to the unit.
func (d *demo) checkPayments(ctx context.Context, c *collection, p datapooltypes.Pool, a answer, before map[string]sdk.Coins) error {
	b := a.Bill
	in, out := b.Budget, money{
		Alita: b.Owners.Alita.Add(b.Stakers.Alita).Add(b.Refunded.Alita),
		Data:  b.Owners.Data.Add(b.Stakers.Data).Add(b.Refunded.Data),
	}
	if !in.Alita.Equal(out.Alita) || !in.Data.Equal(out.Data) {
		return fmt.Errorf("job %s: %s ualita and %s data in, %s and %s out", a.JobID, in.Alita, in.Data, out.Alita, out.Data)
	}
	after, err := d.ownersBalances(ctx, c, p)
	if err != nil {
		return err
	}
	for _, l := range b.Lines {
		o := c.ownerOf(l.RecordID)
		gained := after[o.Name].AmountOf(p.DataDenom).Sub(before[o.Name].AmountOf(p.DataDenom))
		if !gained.Equal(l.Owned.Data) {
			return fmt.Errorf("%s gained %s %s, the bill says %s", o.Name, gained, p.DataDenom, l.Owned.Data)
		}
		// The owner also pays its worker's fees, so that its ALITA rise by the payment less those.
		fees := l.Owned.Alita.Sub(after[o.Name].AmountOf("ualita").Sub(before[o.Name].AmountOf("ualita")))
		if fees.IsNegative() {
			return fmt.Errorf("%s gained more ALITA than the bill says", o.Name)
		}
		d.story.line("%-9s has %s ALITA more after %s of transaction fees", o.Name,
			units(after[o.Name].AmountOf("ualita").Sub(before[o.Name].AmountOf("ualita"))), units(fees))
	}
	d.story.line("in %s and %s %s, out the same to the unit", alita(in.Alita), units(in.Data), c.symbol)
	return nil
}

func (d *demo) ownersBalances(ctx context.Context, c *collection, p datapooltypes.Pool) (map[string]sdk.Coins, error) {
	all := map[string]sdk.Coins{}
	for _, o := range c.owners {
		coins, err := d.balances(ctx, o.address, p)
		if err != nil {
			return nil, err
		}
		all[o.Name] = coins
	}
	return all, nil
}

// compareMoments compares each figure with the pooled one, and the first column with published digits.
func (d *demo) compareMoments(c *collection, a answer, pooled map[string]*moments) error {
	header := a.Result.Header
	for _, row := range a.Result.Rows {
		m := pooled[row[0]]
		if m == nil {
			return fmt.Errorf("the answer has an unknown column %q", row[0])
		}
		for name, want := range map[string]*big.Float{
			"count": new(big.Float).SetInt64(int64(m.count)),
			"mean":  new(big.Float).SetPrec(200).SetRat(m.mean()),
			"sd":    m.deviation(),
		} {
			i := indexOf(header, name)
			if i < 0 {
				return fmt.Errorf("the answer has no column %q: %v", name, header)
			}
			if got := row[i]; !sameDigits(got, want) {
				return fmt.Errorf("%s of %s: federated %s, pooled %s", name, row[0], got, want.Text('g', 20))
			}
		}
	}
	d.story.line("equal to the pooled computation in every printed digit")
	if c.certified == nil {
		return nil
	}
	mean, deviation := a.Result.Rows[0][indexOf(header, "mean")], a.Result.Rows[0][indexOf(header, "sd")]
	if mean != c.certified.mean || deviation != c.certified.deviation {
		return fmt.Errorf("%s certifies %s and %s, the answer is %s and %s",
			c.certified.source, c.certified.mean, c.certified.deviation, mean, deviation)
	}
	d.story.line("certified by %s: mean %s, standard deviation %s: the same to the last digit",
		c.certified.source, c.certified.mean, c.certified.deviation)
	return nil
}

// sameDigits tells whether a printed number is another one, rounded to as many digits as it has.
func sameDigits(printed string, want *big.Float) bool {
	_, fraction, _ := strings.Cut(printed, ".")
	return want.Text('f', len(fraction)) == printed
}

func (c *collection) ownerOf(record string) *owner {
	for _, o := range c.owners {
		if o.record == record {
			return o
		}
	}
	return nil
}

func indexOf(header []string, name string) int {
	for i, h := range header {
		if h == name {
			return i
		}
	}
	return -1
}

func parseInt(text string) (math.Int, error) {
	i, ok := math.NewIntFromString(text)
	if !ok {
		return math.Int{}, fmt.Errorf("%q is no whole number", text)
	}
	return i, nil
}

// pooledHistogram counts the values of a column by the lower edge of their bin.
func pooledHistogram(path string, q question) (map[string]int, error) {
	values, err := columnValues(path, q.column)
	if err != nil {
		return nil, err
	}
	lower, width, bins := atoi(q.lower), atoi(q.width), atoi(q.bins)
	if width == 0 || bins == 0 {
		return nil, errors.New("a histogram needs a width and bins")
	}
	counts := map[string]int{}
	for i := range bins {
		counts[strconv.Itoa(lower+i*width)] = 0
	}
	for _, v := range values {
		x := atoi(v)
		if x >= lower && x < lower+bins*width {
			counts[strconv.Itoa(lower+(x-lower)/width*width)]++
		}
	}
	return counts, nil
}

func atoi(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}
