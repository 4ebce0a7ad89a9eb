package browsertest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	cdp "github.com/chromedp/chromedp"
)

// Go opens a path and waits until the page is there. See Status for what the server said.
func (b *Tab) Go(path string) {
	b.t.Helper()
	if b.setup.before != nil {
		b.setup.before()
	}
	b.Load(func() { run(b, "go to "+path, cdp.Navigate(b.base+path)) })
}

// Load does something that leads to another page, such as a click on a link or Enter in a form, and waits until that
// page is there. Where no page follows, the test ends.
func (b *Tab) Load(do func()) {
	b.t.Helper()
	arrived := b.arrivals.next()
	do()
	b.status = run(b, "wait for the page that should follow", func(ctx context.Context, _ *cdp.Target) (int, error) {
		return arrived(ctx)
	})
}

// Follow clicks on a link or button that leads to another page, and waits for that page.
func (b *Tab) Follow(selector string) {
	b.t.Helper()
	b.Load(func() { b.Click(selector) })
}

// FollowTo clicks on a link or button, and waits for a page whose whole address begins so, past pages that send on by
// themselves. The tab is elsewhere before.
func (b *Tab) FollowTo(selector, address string) {
	b.t.Helper()
	b.Click(selector)
	b.status = run(b, "wait for "+address, func(ctx context.Context, _ *cdp.Target) (int, error) { return b.arrivals.until(ctx, address) })
}

// Status is the HTTP status of the page that was loaded last, after redirects.
func (b *Tab) Status() int { return b.status }

// Path is where the tab is now, with the query.
func (b *Tab) Path() string {
	b.t.Helper()
	return ask[string](b, "read the address", `location.pathname + location.search`)
}

// Title is the document's title.
func (b *Tab) Title() string {
	b.t.Helper()
	return plain(ask[string](b, "read the title", `document.title`))
}

// HTML is the document as it is now.
func (b *Tab) HTML() string {
	b.t.Helper()
	return ask[string](b, "read the document", `document.documentElement.outerHTML`)
}

// Text is what can be seen of the first element: no-break spaces are plain ones, each run of blanks is one.
func (b *Tab) Text(selector string) string {
	b.t.Helper()
	b.needs(selector)
	return plain(ask[string](b, "read "+selector, `document.querySelector(%s).innerText`, selector))
}

// Count tells how many elements there are.
func (b *Tab) Count(selector string) int {
	b.t.Helper()
	return ask[int](b, "count "+selector, `document.querySelectorAll(%s).length`, selector)
}

// Links are the addresses that these links lead to.
func (b *Tab) Links(selector string) []string {
	b.t.Helper()
	return ask[[]string](b, "links "+selector, `[...document.querySelectorAll(%s)].map(a => a.getAttribute("href"))`, selector)
}

// Value is what a field holds.
func (b *Tab) Value(selector string) string {
	b.t.Helper()
	b.needs(selector)
	return ask[string](b, "read "+selector, `document.querySelector(%s).value`, selector)
}

// Click presses the mouse on the first element, where it can be seen. It waits for no page: see Follow.
func (b *Tab) Click(selector string) {
	b.t.Helper()
	b.needs(selector)
	run(b, "click on "+selector, cdp.Click(cdp.CSS(selector), cdp.NodeVisible))
}

// DoubleClick is the hand of somebody who clicks everything twice.
func (b *Tab) DoubleClick(selector string) {
	b.t.Helper()
	b.needs(selector)
	at := ask[[2]float64](b, "find "+selector, middle, selector)
	run(b, "double click on "+selector, cdp.Steps(
		cdp.MouseClickXY(at[0], at[1]),
		cdp.MouseClickXY(at[0], at[1], cdp.ClickCount(2)),
	))
}

const middle = `(e => {
	e.scrollIntoView({block: 'center', behavior: 'instant'})
	const box = e.getBoundingClientRect()
	return [box.x + box.width / 2, box.y + box.height / 2]
})(document.querySelector(%s))`

// Fill types a text into a field in place of what it held.
func (b *Tab) Fill(selector, text string) {
	b.t.Helper()
	b.needs(selector)
	ask[cdp.Void](b, "enter "+selector, `(f => { f.focus(); f.select() })(document.querySelector(%s))`, selector)
	if text == "" {
		b.Press("Delete")
		return
	}
	b.Type(text)
}

// Upload puts a file of this name into a field. No content: an empty file.
func (b *Tab) Upload(selector, name, content string) {
	b.t.Helper()
	b.needs(selector)
	file := filepath.Join(b.t.TempDir(), name)
	if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
		b.t.Fatal(err)
	}
	run(b, "choose a file for "+selector, cdp.SetUploadFiles(cdp.CSS(selector), []string{file}, cdp.NodeVisible))
}

// Select chooses the option that reads so.
func (b *Tab) Select(selector, label string) {
	b.t.Helper()
	b.needs(selector)
	if !ask[bool](b, "choose in "+selector, chooseOption, selector, label) {
		b.t.Fatalf("%s has no option %q", selector, label)
	}
}

const chooseOption = `((list, label) => {
	const option = [...list.options].find(o => o.text.replace(/\s+/g, ' ').trim() === label)
	if (!option) return false
	list.value = option.value
	for (const name of ['input', 'change']) list.dispatchEvent(new Event(name, {bubbles: true}))
	return true
})(document.querySelector(%s), %s)`

// WaitFor waits until an element is there, told by the page's own changes.
func (b *Tab) WaitFor(selector string) {
	b.t.Helper()
	ask[cdp.Void](b, "wait for "+selector, when, selector, "")
}

// WaitForText waits until the element shows the text.
func (b *Tab) WaitForText(selector, text string) {
	b.t.Helper()
	ask[cdp.Void](b, "wait for "+text+" in "+selector, when, selector, text)
}

const when = `((selector, text) => new Promise(done => {
	const there = () => [...document.querySelectorAll(selector)].some(e => !text || e.innerText.replace(/\s+/g, ' ').includes(text))
	if (there()) return done()
	const watch = new MutationObserver(() => { if (there()) { watch.disconnect(); done() } })
	watch.observe(document, {subtree: true, childList: true, attributes: true, characterData: true})
}))(%s, %s)`

// Screenshot writes the whole page as a PNG.
func (b *Tab) Screenshot(file string) {
	b.t.Helper()
	if err := os.WriteFile(file, run(b, "take a picture", cdp.FullScreenshot(100)), 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// Style is how the first element looks in one property ("display"), as the browser computed it.
func (b *Tab) Style(selector, property string) string {
	b.t.Helper()
	b.needs(selector)
	return ask[string](b, "look at "+selector, fmt.Sprintf("getComputedStyle(document.querySelector(%q)).getPropertyValue(%q)", selector, property))
}

// Stored lists the names of what the page keeps in the browser's storage.
func (b *Tab) Stored() []string {
	b.t.Helper()
	return ask[[]string](b, "read the storage", `[...Object.keys(localStorage), ...Object.keys(sessionStorage)]`)
}

// TooWide lists what reaches out of the screen on the right, so that the page scrolls sideways. What stands in a
// box that scrolls by itself does not count.
func (b *Tab) TooWide() []string {
	b.t.Helper()
	return ask[[]string](b, "measure the page", tooWide)
}

const tooWide = `(() => {
	const root = document.documentElement, width = root.clientWidth + 1
	if (root.scrollWidth <= width) return []
	const scrolls = e => e && e !== root && e !== document.body && (getComputedStyle(e).overflowX !== 'visible' || scrolls(e.parentElement))
	const reaches = e => e.getBoundingClientRect().left + Math.max(e.scrollWidth, e.offsetWidth || 0) > width && !scrolls(e)
	return [...document.body.querySelectorAll('*')]
		.filter(e => reaches(e) && ![...e.children].some(reaches))
		.map(e => e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') + [...e.classList].map(c => '.' + c).join(''))
})()`

func (b *Tab) needs(selector string) {
	b.t.Helper()
	if b.Count(selector) == 0 {
		b.t.Fatalf("%s has no %s; it says: %.600s", b.Path(), selector, b.says())
	}
}

// says is what stands on the page, for whoever reads why a test failed.
func (b *Tab) says() string {
	return plain(ask[string](b, "read the page", `(document.querySelector('main') || document.body).innerText`))
}

func plain(text string) string { return strings.Join(strings.Fields(text), " ") }
