package consumer

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"google.golang.org/grpc"

	sdk "github.com/cosmos/cosmos-sdk/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	"github.com/alita-network/alita/client/tx"
	"github.com/alita-network/alita/x/compute/types"
)

// openBlocks is how many blocks the transaction that opens a job may take to come into one.
const openBlocks = 100

// Open pays a quote's budget into escrow and opens its job. The reader's key is kept
// before anything is sent.
//
// After an *UnfinishedError the job may be open, and Resume goes on with it. After a
// *BalanceError or a refusal nothing was paid, if the node tells the truth; if it
// does not, Resume still finds the key. With a State of the sender a refusal counts
// only if the chain does not prove the job.
func (c *Client) Open(ctx context.Context, q *Quote) (*Run, error) {
	if err := c.Check(ctx); err != nil {
		return nil, err
	}
	state, height, err := c.Sender.At(ctx)
	if err != nil {
		return nil, err
	}
	if err := c.checkBalance(ctx, state, q); err != nil {
		return nil, err
	}
	msg, saved, err := c.newJob(q)
	if err != nil {
		return nil, err
	}
	sender := *c.Sender
	if sender.TimeoutHeight == 0 && height > 0 {
		sender.TimeoutHeight = uint64(height) + openBlocks
	}
	saved.Timeout = sender.TimeoutHeight
	if err := saved.create(c.Home); err != nil {
		return nil, fmt.Errorf("keep the reader's key: %w", err)
	}
	signed, err := sender.Sign(ctx, msg)
	if err != nil {
		// No signed transaction has left this machine.
		return nil, errors.Join(opening(err), forgetRun(c.Home, saved.JobID))
	}
	res, err := sender.Broadcast(ctx, signed)
	opened := int64(0)
	if err == nil {
		opened = res.Height
	} else if opened, err = c.notOpened(ctx, saved, err); err != nil {
		return nil, err
	}
	r, err := c.run(saved)
	if err != nil {
		return nil, &UnfinishedError{saved.JobID, err}
	}
	r.openedHeight = opened
	return r, nil
}

// newJob makes the message that opens a job, and what is kept of it.
func (c *Client) newJob(q *Quote) (*types.MsgOpenJob, *savedRun, error) {
	account, err := c.Sender.Address()
	if err != nil {
		return nil, nil, err
	}
	salt := make([]byte, types.SaltSize)
	rand.Read(salt) // it never fails
	saved := &savedRun{Saved: Saved{
		ChainID: c.Sender.ChainID, JobID: types.JobID(sdk.AccAddress(c.Sender.Signer.PubKey().Address()), salt), From: c.KeyName, Question: q.question, Plot: q.Plot,
	}}
	for _, n := range c.CheckNodes {
		saved.CheckNodes = append(saved.CheckNodes, n.Name)
	}
	key, err := saved.addKey()
	if err != nil {
		return nil, nil, err
	}
	public := key.Public()
	spec := q.Spec
	spec.ReaderKey = public.Bytes()
	return &types.MsgOpenJob{Consumer: account, Salt: salt, Spec: spec}, saved, nil
}

// notOpened does with the key what an error of the opening allows. A signed transaction has left this machine: whoever has it can
// open the job, whatever a node says of it, so no key is deleted. If the chain proves that the job is open, it returns the height.
func (c *Client) notOpened(ctx context.Context, saved *savedRun, err error) (int64, error) {
	if height, open := c.awaitJob(ctx, saved.JobID); open {
		return height, nil
	}
	if errors.Is(err, tx.ErrPending) || ctx.Err() != nil {
		return 0, &UnfinishedError{saved.JobID, opening(err)}
	}
	return 0, errors.Join(opening(err), setAsideRun(c.Home, saved.JobID))
}

// opening is the error of an opening. Of what a simulation refuses nodes tell the text alone.
func opening(err error) error {
	var refused *tx.RefusedError
	if errors.Is(err, types.ErrDataPrice) || errors.As(err, &refused) && refused.Stage == tx.Simulated && strings.HasSuffix(refused.Reason, types.ErrDataPrice.Error()) {
		return fmt.Errorf("%w: open the job: %w", ErrPriceMoved, err)
	}
	return fmt.Errorf("open the job: %w", err)
}

const (
	// awaitBlocks and awaitTimeout are how long a job is looked for that a node says is not open.
	awaitBlocks  = 4
	awaitTimeout = 20 * time.Second
)

// awaitJob reports whether the chain proves that a job is open, now or in some blocks. Without a State it proves nothing.
func (c *Client) awaitJob(ctx context.Context, jobID string) (height int64, open bool) {
	if c.Sender.State == nil {
		return 0, false
	}
	ctx, cancel := context.WithTimeout(ctx, awaitTimeout)
	defer cancel()
	ticker := time.NewTicker(pollEvery)
	defer ticker.Stop()
	chain := &nodeChain{sender: c.Sender}
	for last, blocks := int64(0), 0; blocks < awaitBlocks; {
		_, at, err := chain.Job(ctx, jobID)
		if err == nil {
			return at, true
		}
		if at > last {
			last, blocks = at, blocks+1
		}
		select {
		case <-ctx.Done():
			return 0, false
		case <-ticker.C:
		}
	}
	return 0, false
}

// Aside looks at the runs that were set aside because a node said that it refused them. It returns the jobs that the chain proves
// to exist: Resume goes on with them, or shows their answer again. It deletes the keys of those of which the chain proves that
// they can never be opened any more. Without a State of the sender it does nothing.
func (c *Client) Aside(ctx context.Context) (found []string, err error) {
	if c.Sender.State == nil {
		return nil, nil
	}
	jobs, err := asideRuns(c.Home)
	chain := &nodeChain{sender: c.Sender}
	for _, id := range jobs {
		saved, failed := loadRun(c.Home, id)
		if failed != nil {
			err = errors.Join(err, failed)
			continue
		}
		if saved.ChainID != c.Sender.ChainID {
			continue
		}
		switch _, height, failed := chain.Job(ctx, id); {
		case failed == nil:
			found = append(found, id)
		case !isNotFound(failed):
			return found, errors.Join(err, failed)
		case saved.Timeout > 0 && height > 0 && uint64(height) >= saved.Timeout:
			err = errors.Join(err, forgetRun(c.Home, id))
		}
	}
	return found, err
}

// checkBalance says what is missing for the budget and the draw fee before the chain
// would.
func (c *Client) checkBalance(ctx context.Context, state grpc.ClientConnInterface, q *Quote) error {
	account, err := c.Sender.Address()
	if err != nil {
		return err
	}
	bank := banktypes.NewQueryClient(state)
	needs := types.Funds{Alita: q.Spec.Budget.Alita.Add(q.DrawFee), Data: q.Spec.Budget.Data}
	for _, coin := range needs.Coins(q.Spec.PoolId) {
		res, err := bank.SpendableBalanceByDenom(ctx, &banktypes.QuerySpendableBalanceByDenomRequest{Address: account, Denom: coin.Denom})
		if err != nil {
			return fmt.Errorf("balance of %s: %w", account, err)
		}
		if res.Balance == nil || res.Balance.Denom != coin.Denom {
			return fmt.Errorf("balance of %s in %s: %w", account, coin.Denom, ErrNode)
		}
		if res.Balance.Amount.LT(coin.Amount) {
			return &BalanceError{Account: account, Has: *res.Balance, Needs: coin}
		}
	}
	return nil
}
