// Read by htmx while it starts, so this file comes before it. No history: htmx leaves the browser's history
// and storage alone, and the back button loads the page again.
const meta = document.createElement('meta')
meta.name = 'htmx-config'
meta.content = JSON.stringify({
  history: false,
  includeIndicatorCSS: false, // main.scss has it
  defaultTimeout: 20000,
})
document.head.append(meta)
