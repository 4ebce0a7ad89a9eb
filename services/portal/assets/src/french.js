// What GOV.UK's script says by itself, in French. A page may say it otherwise with data-i18n attributes.
export const characterCount = {
  i18n: {
    charactersUnderLimit: { one: 'Il reste %{count} caractère', other: 'Il reste %{count} caractères' },
    charactersAtLimit: 'Il ne reste aucun caractère',
    charactersOverLimit: { one: '%{count} caractère en trop', other: '%{count} caractères en trop' },
    wordsUnderLimit: { one: 'Il reste %{count} mot', other: 'Il reste %{count} mots' },
    wordsAtLimit: 'Il ne reste aucun mot',
    wordsOverLimit: { one: '%{count} mot en trop', other: '%{count} mots en trop' },
  },
}
