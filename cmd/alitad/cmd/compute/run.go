package compute

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/client"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/client/consumer"
	"github.com/alita-network/alita/client/tx"
	"github.com/alita-network/alita/cmd/alitad/cmd/trust"
	"github.com/alita-network/alita/cmd/alitad/cmd/txflags"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
)

// run opens the job that is asked for and sees it through.
func run(ctx context.Context, cmd *cobra.Command, clientCtx client.Context, r request) error {
	addresses, err := cmd.Flags().GetStringArray(flagCheckNode)
	if err != nil {
		return err
	}
	payer, err := newPayer(cmd, clientCtx, addresses)
	if err != nil {
		return err
	}
	// Before anything is paid: a job whose second node cannot be asked would stand.
	if err := payer.Check(ctx); err != nil {
		return err
	}
	if err := tellAside(ctx, cmd, payer); err != nil {
		return err
	}
	if err := r.readDataBudget(ctx, payer.Sender); err != nil {
		return err
	}
	quote, err := payer.Quote(ctx, r.Request)
	var answered *consumer.AnsweredError
	if errors.As(err, &answered) {
		return showAnswered(ctx, cmd, clientCtx, payer, r, answered)
	}
	if err != nil {
		return hintedQuote(err, r)
	}
	printQuote(cmd, quote)
	quote.Plot, _ = cmd.Flags().GetString(flagPlot)
	job, err := payer.Open(ctx, quote)
	if err != nil {
		return hintedBalance(err, quote.Pool)
	}
	cmd.PrintErrf("job %s opened in block %d\n", job.JobID(), job.OpenedHeight())
	return finish(ctx, cmd, clientCtx, job, quote.Plot)
}

// resume goes on with a job that was opened here.
func resume(ctx context.Context, cmd *cobra.Command, clientCtx client.Context, saved consumer.Saved) error {
	payer, err := newPayer(cmd, clientCtx, saved.CheckNodes)
	if err != nil {
		return err
	}
	job, err := payer.Resume(ctx, saved.JobID)
	if err != nil {
		return err
	}
	return finish(ctx, cmd, clientCtx, job, saved.Plot)
}

// newPayer is the client of --from, with the second nodes of --check-node.
func newPayer(cmd *cobra.Command, clientCtx client.Context, checkNodes []string) (*consumer.Client, error) {
	if txflags.Prints(clientCtx) {
		return nil, errors.New("expected neither --generate-only nor --dry-run nor --aux, got one: a job takes several transactions, and each depends on the chain")
	}
	sender, err := txflags.Client(clientCtx, cmd.Flags())
	if err != nil {
		return nil, err
	}
	sender.Sending = txflags.SaysFee(cmd)
	if err := trust.Believe(cmd, clientCtx, sender); err != nil {
		return nil, err
	}
	payer := &consumer.Client{Sender: sender, Home: clientCtx.HomeDir, Node: clientCtx.NodeURI, KeyName: clientCtx.FromName}
	for _, address := range checkNodes {
		node, err := client.NewClientFromNode(address)
		if err != nil {
			return nil, fmt.Errorf("--%s: expected an address such as tcp://host:26657, got %s: %w", flagCheckNode, address, err)
		}
		conn := txflags.Conn(clientCtx.WithClient(node).WithNodeURI(address).WithGRPCClient(nil))
		payer.CheckNodes = append(payer.CheckNodes, consumer.Node{Name: address, Conn: conn})
	}
	return payer, nil
}

// tellAside tells which jobs of this home are on the chain although a node said that it refused them.
func tellAside(ctx context.Context, cmd *cobra.Command, payer *consumer.Client) error {
	found, err := payer.Aside(ctx)
	for _, id := range found {
		cmd.PrintErrf("job %s is on the chain, and its key is here: see it with `alitad compute result %s`\n", id, id)
	}
	return err
}

// readDataBudget reads the amount of Data Tokens in the pool's unit.
func (r *request) readDataBudget(ctx context.Context, sender *tx.Client) error {
	if r.dataBudget == "" {
		return nil
	}
	state, _, err := sender.At(ctx)
	if err != nil {
		return err
	}
	res, err := datapooltypes.NewQueryClient(state).Pool(ctx, &datapooltypes.QueryPoolRequest{PoolId: r.PoolID})
	if err != nil {
		return fmt.Errorf("pool %d: %w", r.PoolID, err)
	}
	if r.DataBudget, err = (unit{symbol: res.Pool.Symbol, base: res.Pool.DataDenom}).parse(r.dataBudget); err != nil {
		return fmt.Errorf("--%s: %w", flagDataBudget, err)
	}
	return nil
}

// chargeText says what noise hides, and what it is charged to the privacy budgets of the owners' records.
func chargeText(microRho uint64, rounds uint32) string {
	text := fmt.Sprintf("noise hides each row: %s for each owner's record in each round", analysis.RhoText(microRho))
	if rounds > 1 {
		text += fmt.Sprintf(", at most %s in all %d; a record whose budget has less left can be missing in a later one", analysis.RhoText(uint64(rounds)*microRho), rounds)
	}
	return text
}

// printQuote says what a job costs at most.
func printQuote(cmd *cobra.Command, q *consumer.Quote) {
	data := unit{symbol: q.Pool.Symbol, base: q.Pool.DataDenom}
	cmd.PrintErrf("%s over %d records of pool %d (%d rows): at most %d operations a round, %s and %s\n",
		q.Program.Name, q.Records, q.Spec.PoolId, q.Rows, q.Operations, alita.format(q.Owners.Alita), data.format(q.Owners.Data))
	if s := q.Spent; s.Records > 0 {
		cmd.PrintErrf("left out: %d records (%d rows), of whose privacy budgets less is left than %s\n", s.Records, s.Rows, analysis.RhoText(s.MicroRho))
	}
	if s := q.Spent; !s.All {
		cmd.PrintErrf("the privacy budgets of %d records were looked at; more can be spent\n", s.Looked)
	}
	cmd.PrintErrf("the data fee is %s for an ALITA; above %s the job does not open, and nothing is paid\n", data.price(q.DataPerAlita), data.price(q.Spec.MaxDataPerAlita))
	if q.Unsettled() {
		cmd.PrintErrf("the price of %s has just moved: its means over 5 minutes, half an hour and a day differ by more than 5 %%, and the data fee follows the most %s\n", data.symbol, data.symbol)
	}
	if s := q.Spec.Secure; s != nil {
		cmd.PrintErrf("secure sum over %d of %d seats, each at most %s a contribution: at most %s a round; at most %d rounds\n",
			s.Seats, q.DrawableSeats, alita.format(s.MaxSeatFee), alita.format(q.Seats), s.Rounds)
	}
	cmd.PrintErrf("of one owner at most %d rows are taken in a round; --%s changes it\n", q.Spec.MaxRows, flagOwnerRows)
	if s := q.Spec.Secure; s != nil && s.MicroRho > 0 {
		cmd.PrintErrln(chargeText(s.MicroRho, s.Rounds))
		for _, e := range q.Expected {
			cmd.PrintErrf("expected if all contribute: %s\n", e.Text())
		}
	}
	cmd.PrintErrf("into escrow: %s and %s; what is not used returns\n", alita.format(q.Spec.Budget.Alita), data.format(q.Spec.Budget.Data))
	if q.DrawFee.IsPositive() {
		cmd.PrintErrf("the draw of the seats burns %s besides, which never returns\n", alita.format(q.DrawFee))
	}
}
