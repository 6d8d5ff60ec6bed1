package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/flags"

	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/x/compute/types"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
)

// report is the answer of a job and its bill. Amounts are in base units.
type report struct {
	JobID     string          `json:"job_id"`
	Status    string          `json:"status"`
	Failure   string          `json:"failure,omitempty"`
	PoolID    uint64          `json:"pool_id"`
	ProgramID string          `json:"program_id"`
	Program   string          `json:"program"`
	Columns   []string        `json:"columns"`
	Owners    uint32          `json:"owners"`
	Vectors   int             `json:"vectors"`
	Result    *programs.Table `json:"result"`
	Slots     []string        `json:"slots"`
	Left      []string        `json:"left_out,omitempty"`
	Bill      bill            `json:"bill"`

	data unit
}

type bill struct {
	PricePerMop math.Int   `json:"price_per_million_operations_ualita"`
	Operations  uint64     `json:"operations"`
	Lines       []billLine `json:"contributions"`
	Budget      money      `json:"budget"`
	Owners      money      `json:"paid_to_owners"`
	Stakers     money      `json:"paid_to_stakers"`
	Refunded    money      `json:"refunded"`
}

type billLine struct {
	RecordID   string `json:"record_id"`
	Owner      string `json:"owner"`
	Status     string `json:"status"`
	Rows       uint64 `json:"rows"`
	Operations uint64 `json:"operations"`
	Owned      money  `json:"paid_to_owner"`
	Stakers    money  `json:"paid_to_stakers"`
}

// money is in ualita and in Data Token units.
type money struct {
	Alita math.Int `json:"ualita"`
	Data  math.Int `json:"data"`
}

func toMoney(f types.Funds) money { return money{f.Alita, f.Data} }

func newReport(ctx context.Context, clientCtx client.Context, job types.Job, contributions []types.Contribution, a answer) (report, error) {
	program, err := types.NewQueryClient(clientCtx).Program(ctx, &types.QueryProgramRequest{ProgramId: job.Spec.ProgramId})
	if err != nil {
		return report{}, err
	}
	pool, err := datapooltypes.NewQueryClient(clientCtx).Pool(ctx, &datapooltypes.QueryPoolRequest{PoolId: job.Spec.PoolId})
	if err != nil {
		return report{}, err
	}
	table, err := a.table(job)
	if err != nil {
		return report{}, fmt.Errorf("the sum of the vectors is no answer of %s: %w", program.Program.Name, err)
	}
	r := report{
		JobID: job.Id, Status: shortName(job.Status.String(), "JOB_STATUS_"), PoolID: job.Spec.PoolId,
		ProgramID: job.Spec.ProgramId, Program: program.Program.Name, Columns: job.Spec.Columns,
		Owners: job.DeliveredOwners, Vectors: a.vectors, Result: table, Left: a.unreadable,
		Slots: make([]string, 0, len(a.sum)),
		Bill:  newBill(job, contributions),
		data:  unit{symbol: pool.Pool.Symbol, base: pool.Pool.DataDenom},
	}
	if job.Failure != types.FAILURE_REASON_UNSPECIFIED {
		r.Failure = shortName(job.Failure.String(), "FAILURE_REASON_")
	}
	for _, v := range a.sum {
		r.Slots = append(r.Slots, v.String())
	}
	return r, nil
}

func newBill(job types.Job, contributions []types.Contribution) bill {
	b := bill{
		PricePerMop: job.Spec.PricePerMop, Operations: job.Operations,
		Budget: toMoney(job.Spec.Budget), Refunded: toMoney(job.Refunded),
		Lines: make([]billLine, 0, len(contributions)),
	}
	stakers := types.ZeroFunds()
	for _, c := range contributions {
		line := billLine{
			RecordID: c.Attestation.RecordId, Owner: c.Owner, Status: shortName(c.Status.String(), "CONTRIBUTION_STATUS_"),
			Rows: c.Attestation.Rows, Operations: c.Attestation.Operations,
			Owned: toMoney(types.ZeroFunds()), Stakers: toMoney(types.ZeroFunds()),
		}
		if c.Status == types.CONTRIBUTION_STATUS_PAID {
			part := types.Funds{Alita: types.StakersPart(c.Fee.Alita, job.StakersFeePpm), Data: math.ZeroInt()}
			line.Owned, line.Stakers = toMoney(c.Fee.Sub(part)), toMoney(part)
			stakers = stakers.Add(part)
		}
		b.Lines = append(b.Lines, line)
	}
	b.Owners, b.Stakers = toMoney(job.Paid.Sub(stakers)), toMoney(stakers)
	return b
}

func shortName(name, prefix string) string { return strings.ToLower(strings.TrimPrefix(name, prefix)) }

func (r report) print(cmd *cobra.Command, format string) error {
	if format == flags.OutputFormatJSON {
		bz, err := json.MarshalIndent(r, "", "  ")
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(cmd.OutOrStdout(), string(bz))
		return err
	}
	w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', tabwriter.AlignRight)
	if r.Result != nil {
		fmt.Fprintf(w, "%s of %d owners, job %s\n\n", r.Program, r.Owners, r.JobID)
		writeRow(w, r.Result.Header...)
		for _, row := range r.Result.Rows {
			writeRow(w, row...)
		}
		if err := w.Flush(); err != nil {
			return err
		}
		fmt.Fprintln(w)
	}
	r.writeBill(w)
	return w.Flush()
}

func (r report) writeBill(w *tabwriter.Writer) {
	writeRow(w, "bill", "rows", "operations", "ALITA", r.data.symbol)
	row := func(name, rows, operations string, m money) {
		writeRow(w, name, rows, operations, digits(alita, m.Alita), digits(r.data, m.Data))
	}
	for _, l := range r.Bill.Lines {
		row(l.Owner, fmt.Sprint(l.Rows), fmt.Sprint(l.Operations), l.Owned)
	}
	row("stakers", "", "", r.Bill.Stakers)
	row("returned", "", "", r.Bill.Refunded)
	row("budget", "", fmt.Sprint(r.Bill.Operations), r.Bill.Budget)
	fmt.Fprintf(w, "\n%s for a million operations\n", alita.format(r.Bill.PricePerMop))
}

// digits is an amount without its symbol.
func digits(u unit, amount math.Int) string {
	return strings.TrimSuffix(u.format(amount), " "+u.symbol)
}

func writeRow(w *tabwriter.Writer, cells ...string) {
	fmt.Fprintln(w, strings.Join(cells, "\t")+"\t")
}
