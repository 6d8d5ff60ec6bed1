package analysis

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/alita-network/alita/rows/fixedpoint"
	"github.com/alita-network/alita/rows/source"
)

// otherLabels, at the end of a list, stands for all texts that are not listed.
const otherLabels = "*"

// SetLabels gives columns their labels from texts such as "species=Adelie,Chinstrap,Gentoo": the name of a column, and its labels in
// order, separated by commas. A label with a comma is quoted as in CSV. An asterisk at the end makes a category of all other texts.
// The error is ErrParameters.
func SetLabels(columns []Column, texts []string) error {
	for _, text := range texts {
		name, list, found := strings.Cut(text, "=")
		if !found || list == "" {
			return fmt.Errorf("%w: labels: expected COLUMN=LABEL and more labels after commas, got %q", ErrParameters, text)
		}
		at := slices.IndexFunc(columns, func(c Column) bool { return c.Name == name })
		if at < 0 {
			return fmt.Errorf("%w: labels: expected the name of a column of the program, got %q", ErrParameters, name)
		}
		c := &columns[at]
		if c.fixedLabels().Categorical() {
			return fmt.Errorf("%w: labels of column %q: expected once, got twice", ErrParameters, name)
		}
		r := csv.NewReader(strings.NewReader(list))
		r.TrimLeadingSpace = true
		labels, err := r.Read()
		if err != nil || r.InputOffset() != int64(len(list)) {
			return fmt.Errorf("%w: labels of column %q: expected one line of CSV, got %q; write a label with a comma as \"a, b\"", ErrParameters, name, list)
		}
		for i, l := range labels {
			labels[i] = strings.TrimSpace(l)
		}
		if last := len(labels) - 1; labels[last] == otherLabels {
			labels, c.Other = labels[:last], true
		}
		if slices.Contains(labels, otherLabels) {
			return fmt.Errorf("%w: labels of column %q: expected * last, as it stands for all other texts, got it before the last", ErrParameters, name)
		}
		if c.Labels = labels; len(labels) == 0 {
			return fmt.Errorf("%w: labels of column %q: expected at least one, got none", ErrParameters, name)
		}
	}
	return nil
}

func (c Column) fixedLabels() fixedpoint.Column { return fixedpoint.Labelled(c.Labels, c.Other) }

// labelled completes a column of labels: each is a bin of its own.
func (c *Column) labelled(bins bool) error {
	if !c.fixedLabels().Categorical() {
		return nil
	}
	for _, l := range c.Labels {
		if source.Missing(source.Field{Text: l}) {
			return fmt.Errorf("%w: label: expected a text that a cell can have, got %q, which stands for a missing value", ErrParameters, l)
		}
	}
	switch {
	case c.Offset != 0 || c.Decimals != 0:
		return fmt.Errorf("%w: offset and decimals of a column of labels: expected 0, got %d and %d", ErrParameters, c.Offset, c.Decimals)
	case c.Log != "":
		return fmt.Errorf("%w: log of a column of labels: expected none, got %q", ErrParameters, c.Log)
	case c.Lower != "" || c.Width != "" || c.Bins != 0:
		return fmt.Errorf("%w: bins of a column of labels: expected none, as each label is a bin, got lower %q, width %q and %d bins", ErrParameters, c.Lower, c.Width, c.Bins)
	}
	if bins {
		c.Lower, c.Width, c.Bins = "0", "1", c.fixedLabels().Categories()
	}
	return nil
}

// category names the index that cells of a column of labels become.
func category(c fixedpoint.Column, i int) string {
	if i < len(c.Labels) {
		return c.Labels[i]
	}
	return "other"
}

// missingName names the cells of a column that count as missing.
func missingName(c fixedpoint.Column) string {
	if c.Categorical() && !c.Other {
		return "missing or unlisted"
	}
	return "missing"
}

// termOf names the term of a column whose values enter as numbers. Two categories enter as 0 and 1, so the second names the term.
func termOf(name string, c fixedpoint.Column) string {
	if c.Categories() == 2 {
		return name + " = " + category(c, 1)
	}
	return name
}

func (s *state) term(i int) string { return termOf(s.job.Columns[i], s.columns[i]) }

func (s *state) terms() (all []string) {
	for i := range s.columns {
		all = append(all, s.term(i))
	}
	return all
}

// codes adds a fact for each column of labels: the numbers that its labels entered as.
func (s *state) codes(r *Result) {
	for i, c := range s.columns {
		if !c.Categorical() {
			continue
		}
		var codes []string
		for j := range c.Categories() {
			codes = append(codes, category(c, j)+" = "+strconv.Itoa(j))
		}
		r.fact(s.job.Columns[i], strings.Join(codes, ", "))
	}
}
