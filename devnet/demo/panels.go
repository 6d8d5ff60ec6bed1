package main

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/alita-network/alita/devnet/localnet"
)

// panelSlotsPpm is the part of a panel's smallest record that exact answers may take. The chain's own is a tenth; here four questions are
// asked of a record of 44 rows, which nobody should do to people.
const panelSlotsPpm = 300_000

// panelChoice is what the members of a collection's panel agree on.
type panelChoice struct {
	questions []string // word for word, as JSON; or
	programs  []string // with any columns and inputs
}

// foundPanel has the maker propose a panel of all owners, and each of them look at it and sign it.
func (d *demo) foundPanel(ctx context.Context, c *collection, pool uint64) error {
	d.story.begins("The owners found a panel: exact sums over all of them, or none")
	choice := localnet.Panel{Pool: pool, Threshold: 3, Programs: c.panelTerms.programs, MinPricePerMop: 1_000_000}
	for _, q := range c.panelTerms.questions {
		choice.Questions = append(choice.Questions, json.RawMessage(q))
	}
	owners := make([]*localnet.Owner, len(c.parts))
	for i, p := range c.parts {
		choice.Records = append(choice.Records, p.record)
		owners[i] = &p.Owner
	}
	var err error
	if c.panel, err = d.net.FoundPanel(ctx, c.maker, choice, owners...); err != nil {
		return err
	}
	d.panels = append(d.panels, c.panel)
	var shown []byte
	err = localnet.Wait(ctx, time.Minute, "panel "+c.panel, func(ctx context.Context) (active bool, err error) {
		shown, err = c.parts[0].Worker.Command(ctx, "panel", "show", c.panel) // what is proved is a block old
		return strings.Contains(string(shown), ", active,"), err
	})
	if err != nil {
		return err
	}
	d.story.line("$ alita-worker panel show %s", c.panel)
	for line := range strings.Lines(string(shown)) {
		if !strings.HasPrefix(line, "member") {
			d.story.line("| %s", strings.TrimRight(line, "\n"))
		}
	}
	d.story.line("each owner's worker has found that its rows were in no other panel, and computes on a copy of its file from now on")
	d.story.line("on this network %d %% of a record's cells may be asked for in exact slots, as the records are small; elsewhere 10 %%", panelSlotsPpm/10_000)
	return nil
}
