package text

import "fmt"

// Skeleton returns what is the same for texts that look the same (Unicode Technical Standard 39, section 4). It is
// meant to be compared and stored, not shown. The skeleton of a skeleton is the same.
func Skeleton(s string) string {
	out := make([]rune, 0, len(s))
	for _, r := range decompose(s) {
		if prototype, ok := prototypes.at(r); ok {
			out = append(out, []rune(prototype)...)
		} else {
			out = append(out, r)
		}
	}
	order(out)
	return string(out)
}

// Names holds names that must not look alike. The zero value holds none.
type Names struct{ bySkeleton map[string]string }

// Add adds a name, or returns an [*Error] if it is there already or looks like one that is.
func (n *Names) Add(name string) error {
	skeleton := Skeleton(name)
	earlier, found := n.bySkeleton[skeleton]
	switch {
	case !found:
		if n.bySkeleton == nil {
			n.bySkeleton = make(map[string]string)
		}
		n.bySkeleton[skeleton] = name
		return nil
	case earlier == name:
		return refuse(ReasonTwice, "expected each name once, got %s twice", Quote(name))
	}
	return lookAlike(name, earlier)
}

func lookAlike(name, earlier string) *Error {
	at := 0
	for i := range name {
		at = i
		if i >= len(earlier) || firstRune(name[i:]) != firstRune(earlier[i:]) {
			break
		}
	}
	err := refuseAt(ReasonLookAlike, name, at, "names that do not look alike", "")
	err.text = fmt.Sprintf("expected names that do not look alike, got %s and %s, which differ in U+%04X at byte %d",
		Quote(earlier), Quote(name), err.Rune, at)
	return err
}
